using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>A cache whose every entry is damaged.</summary>
public sealed class DamageTests(BuiltStories built, ITestOutputHelper output)
{
    private const int ManyEntries = 500;

    [Fact]
    public void Flipped_bits_and_truncations_are_all_found_and_recomputed()
    {
        int found = 0;
        for (int round = 0; round == 0 || (SharedData.IsHeavy && found < ManyEntries); round++)
        {
            using var folder = new TemporaryFolder();
            string cache = folder.At("cache");
            BuildTests.CopyFolder(built.Cache, cache);
            string[] entries = DamageAll(cache, round);
            BuildTests.CopyFolder(cache, folder.At("verified"));
            JsonObject verified = RocketTool.RunJson(folder.Path, folder.At("verified"), "cache", "verify");
            Assert.Equal(entries, verified["bad"]!.AsArray().Select(bad => Path.GetRelativePath(folder.At("verified"), (string)bad!["path"]!)).Order(StringComparer.Ordinal));
            found += entries.Length;

            Stories.WriteManifest(folder, [30], evaluate: true);
            ToolResult result = RocketTool.Run(folder.Path, cache, "build", "--json", "--verbosity", "detailed");
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Equal(WithoutDense(built.Report["computed"]!), WithoutDense(result.Json["computed"]!));
            Assert.Contains("deleted, to be made again", result.Error, StringComparison.Ordinal);
            Assert.Equal(FolderSnapshot.Of(built.Artifact), FolderSnapshot.Of(folder.At("out", Stories.Name, "r30")));
        }

        output.WriteLine($"{found} damaged entries, all found.");
    }

    [Fact]
    public void A_damaged_file_of_the_artifact_is_put_together_again()
    {
        using var folder = new TemporaryFolder();
        string cache = folder.At("cache");
        BuildTests.CopyFolder(built.Cache, cache);
        string model = Path.Combine(built.Artifact, "model.safetensors");
        string blob = Path.Combine(cache, "cas", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(model))));
        Damage(blob, 0);
        Stories.WriteManifest(folder, [30], evaluate: true);
        JsonObject report = RocketTool.RunJson(folder.Path, cache, "build");
        Assert.Equal("""{"assemble":1}""", report["computed"]!.ToJsonString());
        Assert.Equal(FolderSnapshot.Of(built.Artifact), FolderSnapshot.Of(folder.At("out", Stories.Name, "r30")));
    }

    // The fixture's build made a dense export too.
    private static string WithoutDense(JsonNode computed)
        => string.Join(' ', computed.AsObject().Where(stage => stage.Key != "assemble").Select(stage => $"{stage.Key} {stage.Value}"));

    private static string[] DamageAll(string cache, int round)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(cache, "ac")), .. Directory.GetFiles(Path.Combine(cache, "cas"))];
        for (int i = 0; i < files.Length; i++)
        {
            Damage(files[i], i + round);
        }

        return [.. files.Select(file => Path.GetRelativePath(cache, file)).Order(StringComparer.Ordinal)];
    }

    private static void Damage(string file, int kind)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (kind % 2 == 0)
        {
            bytes[(kind * 7919) % bytes.Length] ^= (byte)(1 << (kind % 8));
        }
        else
        {
            bytes = bytes[..(bytes.Length - 1 - (kind % Math.Min(bytes.Length, 5)))];
        }

        File.WriteAllBytes(file, bytes);
    }
}
