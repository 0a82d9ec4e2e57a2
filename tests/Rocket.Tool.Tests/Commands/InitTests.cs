using Rocket.Pipeline.Manifest;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class InitTests
{
    [Fact]
    public void The_manifest_reads_back_and_is_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        ToolResult first = RocketTool.Run(folder.Path, folder.At("cache"), "init", "--name", "smollm2", "--source", "it's here", "--corpus", "a/*.jsonl", "--evaluation", "b.txt");
        Assert.True(first.ExitCode == 0, first.Error);
        ModelManifest model = ManifestReader.Read(folder.At("rocket.yaml")).Models.Single();
        Assert.Equal("smollm2", model.Name);
        Assert.Equal("it's here", model.Source.Value);
        Assert.Equal("a/*.jsonl", model.Calibration.Corpus.Single().Value);

        string before = File.ReadAllText(folder.At("rocket.yaml"));
        ToolResult second = RocketTool.Run(folder.Path, folder.At("cache"), "init");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("rocket.yaml: error RKT1104:", second.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(folder.At("rocket.yaml")));
    }

    [Fact]
    public void A_name_that_no_manifest_may_have_is_refused_before_a_file_is_written()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "init", "--name", "../up");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("RKT1012", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("rocket.yaml")));
    }
}
