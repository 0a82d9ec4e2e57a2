using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Sharing;

/// <summary>One build on many machines: caches of their own and a remote one between them.</summary>
public sealed class ShardTests(ITestOutputHelper output)
{
    private const int Groups = 4;

    [Fact]
    public void Three_phases_on_several_machines_leave_only_Assemble_to_the_last_one()
    {
        int machines = SharedData.IsHeavy ? 4 : 2;
        using var server = new NginxServer();
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30, 45], evaluate: true, groups: Groups);
        long moved = 0;
        foreach (string phase in (string[])["calibrate", "profile", "factorize"])
        {
            var work = new List<int>();
            for (int machine = 1; machine <= machines; machine++)
            {
                JsonObject report = Run(folder, $"cache{machine}", server, "--until", phase, "--shard", $"{machine}/{machines}");
                work.Add((int?)report["computed"]![phase] ?? 0);
                moved += (long)report["remote"]!["downloadedBytes"]! + (long)report["remote"]!["uploadedBytes"]!;
                Assert.Equal(0, (int)report["remote"]!["failures"]!);

                // A later phase finds what the one before left.
                if (phase == "factorize")
                {
                    Assert.Null(report["computed"]!["profile"]);
                }

                Assert.False(Directory.Exists(folder.At("out")));
            }

            // Each machine does its share; only a shared sum of moments may be made twice.
            Assert.InRange(work.Min(), 1, int.MaxValue);
            if (phase != "calibrate")
            {
                Assert.InRange(work.Max(), work.Min(), 2 * work.Min());
            }
        }

        JsonObject last = Run(folder, "cache5", server);
        Assert.Equal(2, (int)last["computed"]!["assemble"]!);

        // It measures: the source, the artifacts, and the ids of the text that they are measured on.
        Assert.Equal("assemble 2 evaluate 3 tokenize 1", string.Join(' ', last["computed"]!.AsObject().Select(stage => $"{stage.Key} {stage.Value}")));
        long received = (long)last["remote"]!["downloadedBytes"]!;
        output.WriteLine($"{machines} machines a phase: {moved} bytes moved, the last one received {received}");

        using var alone = new TemporaryFolder();
        Stories.WriteManifest(alone, [30, 45], evaluate: true, groups: Groups);
        RocketTool.RunJson(alone.Path, alone.At("cache"), "build");
        foreach (string budget in (string[])["r30", "r45"])
        {
            Assert.Equal(FolderSnapshot.Of(alone.At("out", Stories.Name, budget)), FolderSnapshot.Of(folder.At("out", Stories.Name, budget)));
        }
    }

    private static JsonObject Run(TemporaryFolder folder, string cache, NginxServer server, params string[] options)
        => RocketTool.RunJson(folder.Path, folder.At(cache), ["build", "--remote", server.Address.AbsoluteUri, .. options]);
}
