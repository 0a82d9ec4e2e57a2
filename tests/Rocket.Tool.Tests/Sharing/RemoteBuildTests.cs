using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Sharing;

/// <summary>Machines that share a remote cache: folders of their own, one nginx.</summary>
public sealed class RemoteBuildTests(BuiltStories built, FilledServer filled, ITestOutputHelper output) : IClassFixture<FilledServer>
{
    [Fact]
    public void The_second_machine_computes_nothing_but_Assemble()
    {
        using NginxServer server = filled.Copy();
        JsonNode a = filled.Report["remote"]!;
        Assert.True((int)a["uploads"]! >= 30, $"{a}");
        Assert.Equal(0, (int)a["failures"]!);

        using var b = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        JsonObject report = Build(b, server.Address);
        Assert.Equal("""{"assemble":1}""", report["computed"]!.ToJsonString());
        Assert.Equal(0, (long)report["remote"]!["uploadedBytes"]!);
        AssertUndisturbed(b);
        output.WriteLine($"machine B: {watch.Elapsed.TotalSeconds:0.0} s, remote {report["remote"]!.ToJsonString()}; machine A: {filled.Time.TotalSeconds:0.0} s, remote {a.ToJsonString()}");

        // Moments and hidden states stay on the server.
        long moved = (long)report["remote"]!["downloadedBytes"]!;
        Assert.InRange(moved, 1, NginxServer.FilesOf(Path.Combine(server.Data, "cas")).Sum(file => new FileInfo(file).Length) / 2);

        // The second run needs no server.
        server.Kill();
        Assert.Equal(0, (int)RocketTool.RunJson(b.Path, b.At("cache"), "build")["computedActions"]!);
    }

    [Fact]
    public void The_manifest_names_the_server_and_an_option_turns_it_off()
    {
        using var server = new NginxServer();
        using var folder = new TemporaryFolder();
        Builds.BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        string manifest = Stories.WriteManifest(folder, [30], evaluate: true);
        File.AppendAllText(manifest, $"cache: {{ remote: \"{server.Address}\", maxSize: 20GB }}\n");
        Assert.Null(RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--remote", "none")["remote"]);
        Assert.Empty(server.Requests);

        // What was there before the server was is sent by a run that fills it.
        JsonObject filled = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--until", "factorize");
        Assert.Equal(0, (int)filled["computedActions"]!);
        Assert.True((int)filled["remote"]!["uploads"]! > 10, filled.ToJsonString());
    }

    [Fact]
    public void A_server_that_is_killed_while_a_machine_builds_changes_nothing()
    {
        using NginxServer server = filled.Copy();
        using var b = new TemporaryFolder();
        Stories.WriteManifest(b, [30], evaluate: true);
        using Process process = RocketTool.Start(b.Path, b.At("cache"), "build", "--remote", server.Address.AbsoluteUri, "--json");
        int asked = server.Requests.Length;
        Assert.True(SpinWait.SpinUntil(() => server.Requests.Length > asked + 10 || process.HasExited, TimeSpan.FromMinutes(2)));
        server.Kill();
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 0, result.Error);
        AssertUndisturbed(b);
        Assert.Contains("not used any more", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_with_wrong_bytes_changes_nothing()
    {
        using NginxServer server = filled.Copy();
        foreach (string file in NginxServer.FilesOf(Path.Combine(server.Data, "cas")))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        using var b = new TemporaryFolder();
        JsonObject report = Build(b, server.Address, "--remote-read-only");
        Assert.True((int)report["computed"]!["profile"]! > 0);
        Assert.True((int)report["remote"]!["failures"]! >= 3);
        AssertUndisturbed(b);
    }

    [Fact]
    public void A_server_that_hangs_or_fails_costs_less_than_a_minute()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes minutes: ROCKET_HEAVY=1 runs it.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var failing = new NginxServer("location / { return 500; }");
        foreach (Uri address in (Uri[])[new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), failing.Address])
        {
            using var alone = new TemporaryFolder();
            var watch = Stopwatch.StartNew();
            Stories.WriteManifest(alone, [30], evaluate: true);
            RocketTool.RunJson(alone.Path, alone.At("cache"), "build");
            TimeSpan undisturbed = watch.Elapsed;

            using var b = new TemporaryFolder();
            watch.Restart();
            Build(b, address);
            AssertUndisturbed(b);
            output.WriteLine($"{address}: {watch.Elapsed.TotalSeconds:0.0} s, without {undisturbed.TotalSeconds:0.0} s");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, undisturbed + TimeSpan.FromMinutes(1));
        }
    }

    [Theory]
    [InlineData("error RKT1102: --remote is \"cache\"", "--remote", "cache")]
    [InlineData("error RKT1130: ", "--remote", "https://ann:secret@cache.example.com")]
    [InlineData("error RKT1102: --cache-max-size is \"much\"", "--cache-max-size", "much")]
    [InlineData("error RKT1102: --until is \"assemble\"", "--until", "assemble")]
    [InlineData("error RKT1102: --shard is \"5/4\"", "--until", "profile", "--shard", "5/4")]
    [InlineData("error RKT1102: --shard is \"0/4\"", "--until", "profile", "--shard", "0/4")]
    [InlineData("error RKT1103: --shard has no effect alone", "--shard", "1/4")]
    [InlineData("error RKT1103: --shard /4 has no effect alone", "--until", "profile", "--shard", "/4")]
    [InlineData("error RKT1131: --until and --dense", "--until", "profile", "--dense")]
    public void What_cannot_be_meant_is_refused(string expected, params string[] options)
    {
        ToolResult result = RocketTool.Run(built.Folder, built.Cache, ["build", .. options]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    private static JsonObject Build(TemporaryFolder folder, Uri remote, params string[] options)
    {
        Stories.WriteManifest(folder, [30], evaluate: true);
        return RocketTool.RunJson(folder.Path, folder.At("cache"), ["build", "--remote", remote.AbsoluteUri, .. options]);
    }

    private void AssertUndisturbed(TemporaryFolder folder)
        => Assert.Equal(FolderSnapshot.Of(built.Artifact), FolderSnapshot.Of(folder.At("out", Stories.Name, "r30")));
}
