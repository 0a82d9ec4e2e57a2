using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>What is wrong arrives once, on the line of the manifest, and leaves what was there.</summary>
public sealed class ErrorTests(PackedRocket rocket)
{
    [Fact]
    public void Errors_of_manifest_corpus_and_checkpoint_arrive_once_on_the_line_of_the_manifest()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"));
        project.Restore();
        project.Build().Succeed();
        string[] before = FolderContent.Of(project.Output);
        string manifest = File.ReadAllText(project.Manifest);

        AssertRefused("samples: 8", "smaples: 8", "rocket.yaml(7,7): error RKT1003: ");
        AssertRefused("text/*.txt", "nowhere/*.txt", "rocket.yaml(6,17): error RKT3101: ");

        project.Write(Path.Combine("model", "model.safetensors"), "no weights");
        File.Copy(Path.Combine(SharedData.Repository(), "samples", "little-stories", "model", "config.json"), project.At("model", "config.json"));
        AssertRefused(manifest.Split('\n')[3], "    source: model", "rocket.yaml(4,13): error RKT21");

        void AssertRefused(string good, string bad, string expected)
        {
            File.WriteAllText(project.Manifest, manifest.Replace(good, bad, StringComparison.Ordinal));
            BuildRecord record = project.Build();
            Assert.NotEqual(0, record.Result.ExitCode);
            Assert.StartsWith(expected, Assert.Single(record.Errors), StringComparison.Ordinal);
            Assert.Equal(before, FolderContent.Of(project.Output));
        }
    }

    [Fact]
    public void A_locked_build_refuses_a_source_that_is_not_pinned()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"));
        project.Restore();
        string manifest = File.ReadAllText(project.Manifest);
        File.WriteAllText(project.Manifest, manifest.Replace(manifest.Split('\n')[3], "    source: hf:someone/something@main", StringComparison.Ordinal));
        Assert.StartsWith("rocket.yaml(4,13): error RKT2373: ", Assert.Single(project.Build("-p:RocketLocked=true").Errors), StringComparison.Ordinal);
        Assert.False(File.Exists(project.At("rocket.lock.yaml")));
    }

    [Fact]
    public void A_tool_that_is_not_there_is_an_error_with_its_code()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"));
        project.Restore();
        Assert.Contains("error RKT7001: There is no tool at \"nowhere/rocket.dll\".", Assert.Single(project.Build("-p:RocketToolPath=nowhere/rocket.dll").Errors), StringComparison.Ordinal);
    }
}
