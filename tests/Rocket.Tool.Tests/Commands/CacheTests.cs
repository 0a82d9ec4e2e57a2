using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class CacheTests(BuiltStories built)
{
    [Fact]
    public void The_list_names_stages_and_verification_finds_damage_and_pruning_empties()
    {
        using var folder = new TemporaryFolder();
        string cache = folder.At("cache");
        BuildTests.CopyFolder(built.Cache, cache);
        ToolResult list = RocketTool.Run(folder.Path, "elsewhere", "cache", "list", "--cache", cache);
        Assert.Contains("profile", list.Output, StringComparison.Ordinal);

        string blob = Directory.GetFiles(Path.Combine(cache, "cas")).MaxBy(path => new FileInfo(path).Length)!;
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        File.WriteAllBytes(blob, bytes);
        JsonObject verified = RocketTool.RunJson(folder.Path, cache, "cache", "verify");
        Assert.Contains(verified["bad"]!.AsArray(), bad => (string)bad!["path"]! == blob);

        foreach (string file in Directory.GetFiles(cache, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-40));
        }

        JsonObject dry = RocketTool.RunJson(folder.Path, cache, "cache", "prune", "--older-than", "30d", "--dry-run");
        Assert.NotEmpty(dry["removed"]!.AsArray());
        JsonObject pruned = RocketTool.RunJson(folder.Path, cache, "cache", "prune", "--older-than", "30d");
        Assert.Equal((long)dry["removedBytes"]!, (long)pruned["removedBytes"]!);
        Assert.Empty(RocketTool.RunJson(folder.Path, cache, "cache", "list")["entries"]!.AsArray());
    }

    [Theory]
    [InlineData("RKT1103")]
    [InlineData("RKT1102", "--max-size", "much")]
    [InlineData("RKT1102", "--older-than", "30")]
    public void Pruning_says_what_it_needs(string code, params string[] options)
    {
        ToolResult result = RocketTool.Run(built.Folder, built.Cache, ["cache", "prune", .. options]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
    }
}
