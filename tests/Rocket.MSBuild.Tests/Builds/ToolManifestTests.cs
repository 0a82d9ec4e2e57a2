using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>A team that pins the tool in its local tool manifest builds with that tool.</summary>
public sealed class ToolManifestTests(PackedRocket rocket)
{
    [Fact]
    public void The_tool_of_a_local_tool_manifest_comes_before_the_packages_own()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app")) { Environment = Isolated(folder) };
        project.Write(Path.Combine(".config", "dotnet-tools.json"), $$"""
            { "version": 1, "isRoot": true, "tools": { "rocket.tool": { "version": "{{PackedRocket.Version}}", "commands": [ "{{PackedRocket.ToolCommand}}" ] } } }
            """);
        project.Restore();
        project.Run("tool", "restore").Succeed();
        Assert.True(Directory.Exists(Path.Combine(rocket.Packages, "rocket.tool", PackedRocket.Version)));

        BuildRecord made = project.Build().Succeed();

        Assert.Equal(1, made.ToolRuns);
        Assert.Contains(made.Messages, text => text.Contains($"tool run {PackedRocket.ToolCommand} ", StringComparison.Ordinal));
        Assert.Equal(FolderContent.Of(rocket.Reference.Output), FolderContent.Of(project.Output));
        Assert.Equal(0, project.Build().Succeed().ToolRuns);
    }

    [Fact]
    public void A_manifest_whose_tool_was_not_restored_fails_the_build_and_says_how_to_get_it()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app")) { Environment = Isolated(folder) };
        project.Write("dotnet-tools.json", $$"""
            { "version": 1, "isRoot": true, "tools": { "rocket.tool": { "version": "99.0.0", "commands": [ "{{PackedRocket.ToolCommand}}" ] } } }
            """);
        project.Restore();

        BuildRecord refused = project.Build();

        Assert.NotEqual(0, refused.Result.ExitCode);
        Assert.Contains("dotnet tool restore", refused.Result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.Output));
    }

    // What the SDK remembers of local tools, and where it unpacks them, lies in the user's folders otherwise.
    private Dictionary<string, string> Isolated(TemporaryFolder folder) => new(StringComparer.Ordinal)
    {
        ["DOTNET_CLI_HOME"] = folder.At("home"),
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["NUGET_PACKAGES"] = rocket.Packages,
    };
}
