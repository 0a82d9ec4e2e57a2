using System.Diagnostics;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>The same manifest gives the same bytes, whatever happens meanwhile.</summary>
public sealed class ReproducibilityTests(BuiltStories built)
{
    private const int ShortKills = 4;
    private const int AllKills = 20;

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
    public void A_build_that_is_killed_goes_on_to_the_same_bytes()
    {
        var random = new Random(Environment.TickCount);
        for (int kill = 0; kill < (SharedData.IsHeavy ? AllKills : ShortKills); kill++)
        {
            using var folder = new TemporaryFolder();
            Stories.WriteManifest(folder, [30], evaluate: false);
            TimeSpan delay = built.ColdTime * random.NextDouble();
            using (Process process = RocketTool.Start(folder.Path, folder.At("cache"), Build))
            {
                if (!process.WaitForExit(delay))
                {
                    process.Kill();
                }

                RocketTool.Finish(process);
            }

            ToolResult again = RocketTool.Run(folder.Path, folder.At("cache"), Build);
            Assert.True(again.ExitCode == 0, $"killed after {delay}: {again.Error}");
            AssertUndisturbed(folder);
        }
    }

    [Fact]
    public void Two_builds_on_one_cache_at_once_are_both_right()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        Stories.WriteManifest(one, [30]);
        Stories.WriteManifest(two, [30]);
        using Process first = RocketTool.Start(one.Path, one.At("cache"), Build);
        using Process second = RocketTool.Start(two.Path, one.At("cache"), Build);
        using Process third = RocketTool.Start(two.Path, one.At("cache"), Build);
        foreach (ToolResult result in (ToolResult[])[RocketTool.Finish(first), RocketTool.Finish(second), RocketTool.Finish(third)])
        {
            Assert.True(result.ExitCode == 0, result.Error);
        }

        AssertUndisturbed(one);
        AssertUndisturbed(two);
        Assert.Empty(RocketTool.RunJson(one.Path, one.At("cache"), "cache", "verify")["bad"]!.AsArray());
    }

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
