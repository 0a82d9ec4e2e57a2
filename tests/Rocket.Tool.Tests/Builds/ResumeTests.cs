using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>A pass over the blocks that is killed goes on at the block where it was.</summary>
public sealed class ResumeTests(BuiltStories built, ITestOutputHelper output)
{
    [Theory]
    [InlineData("calibrate", 3)]
    [InlineData("backward", 2)]
    public void A_killed_pass_repeats_at_most_one_block(string stage, int block)
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30], samples: 64);
        KillAt(folder, stage, block);
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--until", "calibrate");
        const int Blocks = 5;
        int repeated = ((int?)report["computed"]![stage] ?? 0) - (Blocks - block);
        output.WriteLine($"{stage} killed after block {block} of {Blocks}: {report["computed"]!.ToJsonString()}");

        // It may have ended one more block before the signal came; the head and the embedding are actions of these stages too.
        Assert.InRange(repeated, -2, 1);
        if (stage == "backward")
        {
            Assert.Null(report["computed"]!["calibrate"]);
        }
    }

    [Fact]
    public void Moments_serve_another_grid_where_the_hidden_states_were_pruned()
    {
        const long HiddenBytes = 16 * 128 * 64 * sizeof(float);
        using var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        string[] hidden = [.. Directory.GetFiles(folder.At("cache", "cas")).Where(path => new FileInfo(path).Length == HiddenBytes)];
        Assert.True(hidden.Length >= 10, $"{hidden.Length} hidden states and gradients");
        Array.ForEach(hidden, File.Delete);
        string manifest = Stories.WriteManifest(folder, [30]);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("grid: {", "grid: { shares: { from: 0.2, to: 0.8, step: 0.2 },", StringComparison.Ordinal));
        JsonObject computed = RocketTool.RunJson(folder.Path, folder.At("cache"), "build")["computed"]!.AsObject();
        Assert.True((int)computed["profile"]! > 30);
        Assert.Null(computed["calibrate"]);
        Assert.Null(computed["backward"]);
    }

    [Fact]
    public void A_calibration_that_is_killed_at_block_20_of_30_repeats_at_most_one_in_the_same_memory()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Runs a model of 135M parameters: ROCKET_HEAVY=1 runs it.");
        const int Blocks = 30;
        const int Killed = 20;
        using var cold = new TemporaryFolder();
        Stories.WriteManifest(cold, [30], source: SmolLm2.Folder, samples: 8);
        JsonObject undisturbed = RocketTool.RunJson(cold.Path, cold.At("cache"), "build", "--until", "calibrate");

        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30], source: SmolLm2.Folder, samples: 8);
        KillAt(folder, "calibrate", Killed);
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--until", "calibrate");
        output.WriteLine($"computed {report["computed"]!.ToJsonString()}, peak {report["peakMemory"]}; undisturbed {undisturbed["computed"]!.ToJsonString()}, peak {undisturbed["peakMemory"]}");
        Assert.InRange((int)report["computed"]!["calibrate"]!, 1, Blocks - Killed + 1);
        Assert.InRange((long)report["peakMemory"]!, 0, (long)(1.1 * (long)undisturbed["peakMemory"]!));
        Assert.Equal(Entries(cold), Entries(folder));
    }

    private static void KillAt(TemporaryFolder folder, string stage, int block)
    {
        using Process process = RocketTool.Start(folder.Path, folder.At("cache"), "build", "--until", "calibrate", "--verbosity", "detailed");
        while (process.StandardError.ReadLine() is { } line && !line.Contains($": {stage} {block}/", StringComparison.Ordinal))
        {
        }

        Assert.False(process.WaitForExit(0), "The build ended before it was killed.");
        process.Kill();
        RocketTool.Finish(process);
    }

    private static string[] Entries(TemporaryFolder folder) => [.. Directory.GetFiles(folder.At("cache", "cas")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
