using System.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Documentation;

/// <summary>What the documents tell users to type works: the tool's commands in a project of the names that the documents use, the others as they stand.</summary>
public sealed class DocumentedCommandTests(BuiltStories built)
{
    // Examples of output, not commands.
    private static readonly string[] NoCommands = ["docs/diagnostics.md"];

    // What this run is itself, and what the checks that take long run as it stands.
    private static readonly string[] OwnRun = ["dotnet test -c Release"];

    // The tests of the templates, which pack and install what these name.
    private static readonly string[] OfTemplates = ["dotnet new install Rocket.Templates", "dotnet new rocket-app -o app", "dotnet run --project app"];
    private static readonly string[] Long =
    [
        "dotnet test -c Release --filter-class \"*.Golden*\" --ignore-exit-code 8",
        "dotnet run -c Release --project bench/Rocket.Quality -- --model little-stories --study methods --study bytes --study singles",
        "dotnet run -c Release --project bench/Rocket.Benchmarks -- allocation",
        "dotnet run -c Release --project bench/Rocket.Benchmarks -- COMMAND",
        "ROCKET_HEAVY=1 dotnet test -c Release --project tests/Rocket.MSBuild.Tests --filter-class \"*.NoOpBuildTests\"",
        "dotnet run --project samples/little-stories/train -c Release -- --seed 7 --out samples/little-stories",
        "dotnet run --project samples/little-stories/train -c Release -- evaluate --out samples/little-stories",
    ];

    public static TheoryData<string> LongCommands() => [.. Long];

    public static TheoryData<CommandBlock> ToolCommands() => [.. Commands().Where(command => command.Arguments is not null)];

    [Fact]
    public void Every_command_is_run_by_a_test()
    {
        Assert.True(ToolCommands().Count > 5);
        string[] others = [.. Commands().Where(command => command.Arguments is null).Select(command => command.Text).Distinct()];
        Assert.Equal([.. OwnRun.Concat(OfTemplates).Concat(Long).Order(StringComparer.Ordinal)], others.Order(StringComparer.Ordinal));
        Assert.Contains($"\n{OwnRun[0]} ", File.ReadAllText(Path.Combine(SharedData.Repository(), ".ci", "run")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ToolCommands), DisableDiscoveryEnumeration = true)]
    public void A_command_of_the_tool_works(CommandBlock command)
    {
        using TemporaryFolder folder = Project();
        ToolResult result = RocketTool.Finish(RocketTool.StartShell($"BROWSER=true \"$ROCKET\" {string.Join(' ', command.Arguments!)}", folder.Path, folder.At("cache")));
        Assert.True(result.ExitCode == 0, $"{command}\n{result.Output}{result.Error}");
    }

    [Fact]
    public void Every_whole_manifest_of_the_documents_is_one()
    {
        string root = SharedData.Repository();
        string[] manifests = [.. new[] { "README.md", "docs/manifest.md", "docs/method.md" }.SelectMany(document => File.ReadAllText(Path.Combine(root, document)).Split("```yaml\n").Skip(1)).Select(text => text.Split("```")[0]).Where(text => !text.StartsWith('#'))];
        Assert.Equal(3, manifests.Count(text => text.StartsWith("version: 1", StringComparison.Ordinal)));
        foreach (string text in manifests)
        {
            // A part is tried in a whole one.
            string whole = text.StartsWith("version", StringComparison.Ordinal) ? text : Whole(text);
            Assert.NotEmpty(ManifestReader.Parse(whole, "rocket.yaml").Models);
        }
    }

    [Theory]
    [MemberData(nameof(LongCommands))]
    public void A_command_that_takes_long_works_too(string command)
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes minutes: ROCKET_HEAVY=1 runs it.");

        // Training and filters write into a clone of their own.
        using var clone = new TemporaryFolder();
        Run("git", ["clone", "--quiet", SharedData.Repository(), clone.At("clone")], clone.Path);
        Run("/bin/sh", ["-c", command.Replace("COMMAND", "bandwidth samples/little-stories/model", StringComparison.Ordinal)], clone.At("clone"));
    }

    private static IEnumerable<CommandBlock> Commands() => CommandBlock.All().Where(command => !NoCommands.Contains(command.Document));

    private static string Whole(string part)
    {
        string[] keys = ["calibration", "constraints", "cost", "cache"];
        string key = keys.First(name => part.TrimStart().StartsWith(name + ":", StringComparison.Ordinal));
        string calibration = key == "calibration" ? "" : "    calibration: { corpus: t.txt }\n";
        string model = $"models:\n  - name: m\n    source: s\n{calibration}    budgets: [ {{ name: b, remove: 10% }} ]\n";
        return "version: 1\n" + (key is "cost" or "cache" ? part + model : model + part);
    }

    private static void Run(string file, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["ROCKET_SHARED"] = SharedData.Root;
        start.Environment.Remove("ROCKET_HEAVY");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}\n{output}{error.GetAwaiter().GetResult()}");
    }

    // The manifest is the one that the fixture built, under the documents' names: everything but the names is in the cache.
    private TemporaryFolder Project()
    {
        var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        BuildTests.CopyFolder(Stories.Source, folder.At("model"));
        BuildTests.CopyFolder(Path.Combine(built.Folder, "out", Stories.Name), folder.At("out", "smollm2"));
        Directory.CreateDirectory(folder.At("text"));
        File.Copy(Stories.EvaluationText, folder.At("text", "evaluation.txt"));
        string manifest = Stories.WriteManifest(folder, [30], evaluate: true);
        Directory.CreateDirectory(folder.At("samples", "little-stories"));
        File.Copy(manifest, folder.At("samples", "little-stories", "rocket.yaml"));
        return folder;
    }
}
