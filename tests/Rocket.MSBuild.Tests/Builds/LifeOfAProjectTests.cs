using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>A project from its first build to its publication, in a folder with spaces and a long path, warnings as errors.</summary>
public sealed class LifeOfAProjectTests(PackedRocket rocket)
{
    [Fact]
    public void The_model_is_made_when_something_that_it_depends_on_changes_and_only_then()
    {
        using var folder = new TemporaryFolder();
        string deep = string.Join('/', Enumerable.Repeat("a folder with a long name and spaces", 6));
        var project = new ModelProject(rocket, folder.At(deep, "my app"));
        project.Restore();

        Assert.Equal(1, project.Build("/warnaserror").Succeed().ToolRuns);
        Assert.Equal(FolderContent.Of(rocket.Reference.Laid), FolderContent.Of(project.Output));
        string size = new FileInfo(Path.Combine(project.Output, "model.safetensors")).Length.ToString();
        Assert.Equal(size, project.Run("run", "--no-build").Succeed().Output.Trim());

        BuildRecord second = project.Build().Succeed();
        Assert.Equal((0, 1), (second.ToolRuns, second.Checks));

        File.AppendAllText(project.At("text", "a.txt"), "Anna had two apples. Tom gave her one more. Now she had three apples.\n");
        Assert.Equal(1, project.Build().Succeed().ToolRuns);
        Assert.NotEqual(FolderContent.Of(rocket.Reference.Laid), FolderContent.Of(project.Output));

        project.Write(Path.Combine("text", "b.txt"), "Tom went to the river with his dog.\n");
        Assert.Equal(1, project.Build().Succeed().ToolRuns);
        Assert.Equal(FolderContent.Of(project.Laid), FolderContent.Of(project.Output));

        project.WriteProject("<Company>Anna and Tom</Company>");
        Assert.Equal(0, project.Build().Succeed().ToolRuns);
        Assert.True(File.Exists(Path.Combine(project.Output, "config.json")), "IncrementalClean took the model away.");

        project.RunRecorded("clean").Succeed();
        Assert.False(Directory.Exists(project.At("obj", "rocket")));
        Assert.False(Directory.Exists(project.At("bin", "Debug", "net10.0", "models")));

        project.RunRecorded("publish", "--no-restore", "-o", project.At("published")).Succeed();
        Assert.Equal(FolderContent.Of(project.At("obj", "rocket", "little-stories", "r30")), FolderContent.Of(project.At("published", "models", "little-stories", "r30")));
    }

    [Fact]
    public void A_design_time_build_and_a_disabled_one_do_nothing()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"));
        project.Restore();
        Assert.Equal(0, project.RunRecorded("msbuild", "-t:Compile;GetCopyToOutputDirectoryItems", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true").Succeed().Checks);
        Assert.Equal(0, project.Build("-p:RocketEnabled=false").Succeed().Checks);
        Assert.False(Directory.Exists(project.At("obj", "rocket")));
    }
}
