using System.Diagnostics;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>Builds that are stopped, and the ones that follow.</summary>
public sealed class InterruptionTests(PackedRocket rocket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("-INT", false)]
    [InlineData("-KILL", true)]
    public void A_build_that_was_stopped_is_built_right_by_the_next_one(string signal, bool wholeGroup)
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"), folder.At("cache"));
        project.Restore();
        using (Process build = DotNet.StartGroup(project.Folder, project.Cache, "build", "--no-restore"))
        {
            var watch = Stopwatch.StartNew();
            string actions = Path.Combine(project.Cache, "ac");
            while (!build.HasExited && watch.Elapsed < Patience && !(Directory.Exists(actions) && Directory.EnumerateFiles(actions, "*", SearchOption.AllDirectories).Skip(1).Any()))
            {
                Thread.Sleep(5);
            }

            Assert.False(build.HasExited, "The build was over before it could be stopped.");
            using Process kill = Process.Start("kill", [signal, "--", wholeGroup ? $"-{build.Id}" : $"{build.Id}"]);
            kill.WaitForExit();
            Assert.NotEqual(0, DotNet.Finish(build).ExitCode);
        }

        project.Build().Succeed();
        Assert.Equal(FolderContent.Of(rocket.Reference.Laid), FolderContent.Of(project.Output));
    }
}
