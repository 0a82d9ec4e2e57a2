using System.Diagnostics;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>Outputs and caches that cannot be written.</summary>
public sealed class NoRoomTests(BuiltStories built)
{
    [Fact]
    public void A_file_in_the_place_of_the_artifact_is_refused_before_any_work()
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        project.Folder.Write(Path.Combine("other", Stories.Name, "r30"), "precious");
        project.AssertRefused($"{Path.Combine("other", Stories.Name, "r30")}: error RKT6002: ", "--output", "other");
        Assert.Equal("precious", File.ReadAllText(project.Folder.At("other", Stories.Name, "r30")));
    }

    [Fact]
    public void An_output_below_a_file_is_refused()
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        project.Folder.Write("file", "precious");
        project.AssertRefused($"{Path.Combine("file", Stories.Name, "r30")}: error RKT6001: ", "--output", "file");
    }

    [Fact]
    public void A_cache_below_a_file_is_refused()
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        project.Folder.Write("file", "precious");
        project.AssertRefused($"{project.Folder.At("file", "cache")}: error RKT5001: ", "--cache", Path.Combine("file", "cache"));
    }

    [Fact]
    public void A_cache_without_space_is_an_error_and_not_a_crash()
        => AssertRefusedOnSmallDisk("cache", "size=1500k", "error RKT5002: ");

    [Fact]
    public void An_output_without_space_is_an_error_and_leaves_the_old_artifact()
        => AssertRefusedOnSmallDisk("out", "size=1400k", "error RKT6001: ");

    [Fact]
    public void An_output_that_is_read_only_is_refused()
        => AssertRefusedOnSmallDisk("out", "size=4m", "error RKT6001: ", "mount -o remount,ro out");

    // A file system of its own in a mount namespace of its own: it goes with the process.
    private void AssertRefusedOnSmallDisk(string mountPoint, string size, string expected, string then = "true")
    {
        if (!OperatingSystem.IsLinux() || !CanMount())
        {
            Assert.Skip("This system lets nobody mount a small disk.");
        }

        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [25, 30]);
        if (mountPoint != "cache")
        {
            BuildTests.CopyFolder(built.Cache, project.Folder.At("cache"));
        }

        string script = $"""
            set -e
            mkdir -p {mountPoint} saved && cp -a out/. saved/
            mount -t tmpfs -o {size} tmpfs {mountPoint}
            [ {mountPoint} != out ] || cp -a saved/. out/
            {then}
            code=0; "$ROCKET" build --verbosity quiet || code=$?
            diff -r saved/{Stories.Name}/r30 out/{Stories.Name}/r30
            exit $code
            """;
        using Process process = RocketTool.StartShell($"exec unshare -rm sh -c '{script}'", project.Folder.Path, project.Folder.At("cache"));
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Empty(result.Output);
        Assert.Contains(expected, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static bool CanMount()
    {
        using Process process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
