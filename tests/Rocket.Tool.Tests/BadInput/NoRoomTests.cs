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

    [Fact]
    public void A_cache_that_is_mounted_read_only_is_refused_and_the_next_build_succeeds()
    {
        if (!OperatingSystem.IsLinux() || !CanMount())
        {
            Assert.Skip("This system lets nobody mount.");
        }

        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        BuildTests.CopyFolder(built.Cache, project.Folder.At("cache"));
        string[] before = FolderSnapshot.Of(project.Folder.At("out"));
        using Process process = RocketTool.StartShell(
            "exec unshare -rm sh -c 'mount --bind cache cache && mount -o remount,ro,bind cache && \"$ROCKET\" build --verbosity quiet'", project.Folder.Path, project.Folder.At("cache"));
        AssertOneError(process, "error RKT5004: ");
        Assert.Equal(before, FolderSnapshot.Of(project.Folder.At("out")));
        Assert.Equal(0, RocketTool.Run(project.Folder.Path, project.Folder.At("cache"), "build").ExitCode);
    }

    [Theory]
    [InlineData("cache", "error RKT5003: ")]
    [InlineData("out", "error RKT6001: ")]
    public void A_user_without_permission_is_told_so(string closed, string expected)
    {
        if (!OperatingSystem.IsLinux() || (Environment.UserName == "root" && !CanMount()))
        {
            Assert.Skip("This system lets nobody mount.");
        }

        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        BuildTests.CopyFolder(built.Cache, project.Folder.At("cache"));
        string[] before = FolderSnapshot.Of(project.Folder.At("out"));

        // Root may do anything: another user runs the tool then, from a place that he can read.
        string asUser = Environment.UserName == "root" ? "mount --bind \"$(dirname \"$ROCKET\")\" /mnt && exec setpriv --reuid=65534 --regid=65534 --clear-groups /mnt/rocket" : "exec \"$ROCKET\"";
        string wrap = Environment.UserName == "root" ? "exec unshare -m sh -c" : "exec sh -c";
        string open = Environment.UserName == "root" ? "chmod -R a+rwX ." : "true";
        using Process process = RocketTool.StartShell(
            $"set -e; {open}; chmod 555 {closed}; find {closed} -type d -exec chmod 555 {{}} +; {wrap} '{asUser} build --budget r30 --verbosity quiet'", project.Folder.Path, project.Folder.At("cache"));
        AssertOneError(process, expected);
        using (Process reopen = Process.Start("chmod", ["-R", "u+rwX", project.Folder.Path]))
        {
            reopen.WaitForExit();
        }

        Assert.Equal(before, FolderSnapshot.Of(project.Folder.At("out")));
        Assert.Equal(0, RocketTool.Run(project.Folder.Path, project.Folder.At("cache"), "build").ExitCode);
    }

    private static void AssertOneError(Process process, string expected)
    {
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Empty(result.Output);
        Assert.Contains(expected, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

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
        AssertOneError(process, expected);

        // The disk is gone with its mount: on a larger one the next build succeeds.
        ToolResult next = RocketTool.Run(project.Folder.Path, project.Folder.At("cache"), "build");
        Assert.True(next.ExitCode == 0, next.Error);
    }

    private static bool CanMount()
    {
        using Process process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
