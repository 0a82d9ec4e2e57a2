using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class PlanTests(BuiltStories built)
{
    [Fact]
    public void An_estimate_comes_without_any_work()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30]);
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "plan", "--estimate");
        Assert.True((double)report["models"]![0]!["estimate"]!["seconds"]! > 0);
        Assert.True((long)report["models"]![0]!["estimate"]!["peakMemory"]! > 0);
        string[] stages = [.. RocketTool.RunJson(folder.Path, folder.At("cache"), "cache", "list")["entries"]!.AsArray().Select(entry => (string?)entry!["stage"]).OfType<string>().Distinct()];
        Assert.Equal(["tokenize"], stages);
    }

    [Fact]
    public void A_plan_shows_every_block_and_what_it_removes()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30, 20]);
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "plan");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith($"{Stories.Name}: from an empty cache about", result.Output, StringComparison.Ordinal);
        Assert.Contains("stories/r30: removes 30.", result.Output, StringComparison.Ordinal);
        Assert.Contains("stories/r20: removes 20.", result.Output, StringComparison.Ordinal);
        Assert.Contains("proven optimal", result.Output, StringComparison.Ordinal);
        Assert.Contains("gate_proj", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("out")));
    }
}
