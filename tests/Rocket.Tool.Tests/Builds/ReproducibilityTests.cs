using System.Diagnostics;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>The same manifest gives the same bytes, whatever happens meanwhile.</summary>
public sealed class ReproducibilityTests(BuiltStories built, ITestOutputHelper output)
{
    private const int ShortBuilds = 3;
    private const int AllBuilds = 8;

    private static readonly string[] Build = ["build", "--output", "out", "--verbosity", "quiet"];

    [Fact]
    public void Two_threads_make_the_bytes_that_one_makes()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30], evaluate: false);
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), [.. Build, "--threads", "2"]);
        Assert.True(result.ExitCode == 0, result.Error);
        AssertUndisturbed(folder);
    }

    [Fact]
    public void Builds_on_one_cache_at_once_are_all_right_and_share_every_piece_of_work()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        Stories.WriteManifest(one, [30]);
        Stories.WriteManifest(two, [30]);
        int builds = SharedData.IsHeavy ? AllBuilds : ShortBuilds;
        Process[] processes = [.. Enumerable.Range(0, builds).Select(i => RocketTool.Start((i % 2 == 0 ? one : two).Path, one.At("cache"), [.. Build, "--json"]))];
        int[] computed = [.. processes.Select(process => Computed(process, (_, count) => count))];
        Assert.Equal(Actions(one, one.At("cache")), computed.Sum());
        output.WriteLine($"{builds} builds at once computed {string.Join(" + ", computed)} actions.");
        AssertUndisturbed(one);
        AssertUndisturbed(two);
        Assert.Empty(RocketTool.RunJson(one.Path, one.At("cache"), "cache", "verify")["bad"]!.AsArray());
    }

    [Fact]
    public void Builds_of_different_budgets_share_what_they_have_in_common()
    {
        using var cache = new TemporaryFolder();
        int builds = SharedData.IsHeavy ? AllBuilds : 2;
        TemporaryFolder[] folders = [.. Enumerable.Range(0, builds).Select(_ => new TemporaryFolder())];
        try
        {
            Process[] processes = [.. folders.Select((folder, i) =>
            {
                Stories.WriteManifest(folder, [30 + i]);
                return RocketTool.Start(folder.Path, cache.Path, [.. Build, "--json"]);
            })];
            var shared = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (Process process in processes)
            {
                Computed(process, (stage, count) => shared[stage] = shared.GetValueOrDefault(stage) + count);
            }

            foreach (string stage in (string[])["calibrate", "backward", "profile"])
            {
                Assert.Equal((int)built.Report["computed"]![stage]!, shared[stage]);
            }

            Assert.Equal(builds, shared["assemble"]);
            AssertUndisturbed(folders[0]);
        }
        finally
        {
            Array.ForEach(folders, folder => folder.Dispose());
        }
    }

    private static int Computed(Process process, Func<string, int, int> count)
    {
        using (process)
        {
            ToolResult result = RocketTool.Finish(process);
            Assert.True(result.ExitCode == 0, result.Error);
            return result.Json["computed"]!.AsObject().Sum(stage => count(stage.Key, (int)stage.Value!));
        }
    }

    // The digests of the source's tensors are an entry too, which no stage counts, and so is what a profile leaves for the factors on its way.
    private static int Actions(TemporaryFolder folder, string cache)
        => RocketTool.RunJson(folder.Path, cache, "cache", "list")["entries"]!.AsArray().Count(entry => (string?)entry!["kind"] == "action" && (string?)entry["stage"] is not (null or "waypoints"));

    // A test run in the background of a script inherits an ignored SIGINT, which the tool would ignore too.
    private static string Interruptible => OperatingSystem.IsLinux() ? "exec env --default-signal=INT " : "exec ";

    [Fact]
    public void Ctrl_C_ends_a_build_with_130_and_keeps_what_is_done()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no signals to send.");
        }

        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30]);
        using Process process = RocketTool.StartShell(Interruptible + "\"$ROCKET\" build --verbosity detailed", folder.Path, folder.At("cache"));
        Assert.NotNull(process.StandardError.ReadLine());
        using (Process interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            interrupt.WaitForExit();
        }

        ToolResult result = RocketTool.Finish(process);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("Cancelled. What is done is kept", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("out", Stories.Name, "r30")));
    }

    private void AssertUndisturbed(TemporaryFolder folder)
        => Assert.Equal(FolderSnapshot.Of(built.Artifact), FolderSnapshot.Of(folder.At("out", Stories.Name, "r30")));
}
