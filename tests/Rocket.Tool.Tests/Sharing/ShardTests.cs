using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Sharing;

/// <summary>One build on many machines: caches of their own and a remote one between them.</summary>
public sealed class ShardTests(ITestOutputHelper output)
{
    private const int Groups = 4;

    [Fact]
    public void Three_phases_on_several_machines_leave_only_Assemble_to_the_last_one()
        => BuildInPhases(folder => Stories.WriteManifest(folder, [30, 45], evaluate: true, groups: Groups), ["r30", "r45"], "assemble 2 evaluate 3 tokenize 1");

    [Fact]
    public void Codes_of_linears_embedding_and_head_are_shared_out_too()
        => BuildInPhases(folder => Stories.WriteManifestOfCodes(folder, Groups), ["p40"], "assemble 1");

    private void BuildInPhases(Action<TemporaryFolder> write, string[] budgets, string lastWork)
    {
        int machines = SharedData.IsHeavy ? 4 : 2;
        using var server = new NginxServer();
        using var folder = new TemporaryFolder();
        write(folder);
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

        // It may measure: the source, the artifacts, and the ids of the text that they are measured on.
        Assert.Equal(lastWork, string.Join(' ', last["computed"]!.AsObject().Select(stage => $"{stage.Key} {stage.Value}")));
        long received = (long)last["remote"]!["downloadedBytes"]!;
        output.WriteLine($"{machines} machines a phase: {moved} bytes moved, the last one received {received}");

        using var alone = new TemporaryFolder();
        write(alone);
        RocketTool.RunJson(alone.Path, alone.At("cache"), "build");
        foreach (string budget in budgets)
        {
            Assert.Equal(FolderSnapshot.Of(alone.At("out", Stories.Name, budget)), FolderSnapshot.Of(folder.At("out", Stories.Name, budget)));
        }
    }

    private static JsonObject Run(TemporaryFolder folder, string cache, NginxServer server, params string[] options)
        => RocketTool.RunJson(folder.Path, folder.At(cache), ["build", "--remote", server.Address.AbsoluteUri, .. options]);
}
