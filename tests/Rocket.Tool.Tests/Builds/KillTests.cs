using System.Diagnostics;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Builds that are killed at any moment, and run again.</summary>
public sealed class KillTests(BuiltStories built, ITestOutputHelper output)
{
    private const int ShortKills = 4;
    private const int AllKills = 200;
    private const int LargeKills = 5;
    private const int AtOnce = 2;
    private const int ShortCodesKills = 2;
    private const int AllCodesKills = 20;

    private static readonly string[] Build = ["build", "--output", "out", "--verbosity", "quiet"];

    [Fact]
    public void A_build_that_is_killed_goes_on_to_the_same_bytes()
        => KillAndRunAgain(folder => Stories.WriteManifest(folder, [30]), SharedData.IsHeavy ? AllKills : ShortKills, built.ColdTime, built.Artifact);

    [Fact]
    public void A_build_of_codes_embedding_and_head_that_is_killed_goes_on_to_the_same_bytes()
        => KillAndRunAgain(folder => Stories.WriteManifestOfCodes(folder), SharedData.IsHeavy ? AllCodesKills : ShortCodesKills, "p40");

    [Fact]
    public void A_build_of_135M_parameters_that_is_killed_goes_on_to_the_same_bytes()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Runs a model of 135M parameters: ROCKET_HEAVY=1 runs it.");
        KillAndRunAgain(folder => Stories.WriteManifest(folder, [30], source: SmolLm2.Folder, samples: 8), LargeKills, "r30");
    }

    private void KillAndRunAgain(Action<TemporaryFolder> write, int kills, string budget)
    {
        using var undisturbed = new TemporaryFolder();
        write(undisturbed);
        var watch = Stopwatch.StartNew();
        ToolResult cold = RocketTool.Run(undisturbed.Path, undisturbed.At("cache"), Build);
        Assert.True(cold.ExitCode == 0, cold.Error);
        KillAndRunAgain(write, kills, watch.Elapsed, undisturbed.At("out", Stories.Name, budget));
    }

    private void KillAndRunAgain(Action<TemporaryFolder> write, int kills, TimeSpan coldTime, string expected)
    {
        string[] artifact = FolderSnapshot.Of(expected);
        int struck = 0;
        Parallel.For(0, kills, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, _ =>
        {
            using var folder = new TemporaryFolder();
            write(folder);
            TimeSpan delay = coldTime * Random.Shared.NextDouble();
            using (Process process = RocketTool.Start(folder.Path, folder.At("cache"), Build))
            {
                if (!process.WaitForExit(delay))
                {
                    process.Kill();
                    Interlocked.Increment(ref struck);
                }

                RocketTool.Finish(process);
            }

            ToolResult again = RocketTool.Run(folder.Path, folder.At("cache"), Build);
            Assert.True(again.ExitCode == 0, $"killed after {delay}: {again.Error}");
            Assert.Equal(artifact, FolderSnapshot.Of(folder.At("out", Stories.Name, Path.GetFileName(expected))));
        });

        output.WriteLine($"{struck} of {kills} builds were killed before their end; all {kills} artifacts are identical.");
        Assert.True(struck > 0, "No build was killed.");
    }
}
