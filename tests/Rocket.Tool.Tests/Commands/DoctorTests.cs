using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>What <c>doctor</c> says of a machine that is well, that is fresh, and that is not well.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_that_is_well_works_in_every_check()
    {
        (int exitCode, JsonObject report) = Run([]);
        Assert.Equal(0, exitCode);
        Assert.True((bool)report["works"]!);
        Assert.Equal(["rocket", "processor", "memory", "cache", "remote cache", "libtorch", "hub"], report["checks"]!.AsArray().Select(check => (string)check!["name"]!));
        Assert.All(report["checks"]!.AsArray(), check => Assert.Equal("works", (string)check!["state"]!));
    }

    [Fact]
    public void On_a_fresh_machine_it_says_where_libtorch_would_come_from_and_fetches_nothing()
    {
        _folder.Write("nuget.config", $"<configuration><packageSources><clear /><add key=\"our feed\" value=\"{_folder.At("feed")}\" /></packageSources></configuration>");
        (int exitCode, JsonObject report) = Run(new() { ["NUGET_PACKAGES"] = _folder.At("packages") });
        Assert.Equal(0, exitCode);
        JsonNode libtorch = Check(report, "libtorch");
        Assert.Equal("missing", (string)libtorch["state"]!);
        Assert.Contains("'our feed'", (string)libtorch["detail"]!, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("packages")));
    }

    [Fact]
    public void What_does_not_work_has_its_code_and_the_others_are_told_all_the_same()
    {
        _folder.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        _folder.Write("file", "no folder");
        (int exitCode, JsonObject report) = Run(new() { ["NUGET_PACKAGES"] = _folder.At("packages"), ["HF_ENDPOINT"] = "nonsense" }, "--cache", _folder.At("file", "cache"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("RKT5001", (string)Check(report, "cache")["detail"]!, StringComparison.Ordinal);
        Assert.StartsWith("RKT2301", (string)Check(report, "libtorch")["detail"]!, StringComparison.Ordinal);
        Assert.StartsWith("RKT2355", (string)Check(report, "hub")["detail"]!, StringComparison.Ordinal);
        Assert.Equal("works", (string)Check(report, "processor")["state"]!);
    }

    [Fact]
    public void A_remote_cache_is_asked_whether_it_can_be_read()
    {
        using (var server = new NginxServer())
        {
            (int exitCode, JsonObject report) = Run([], "--remote", server.Address.AbsoluteUri);
            Assert.Equal(0, exitCode);
            Assert.Equal("works", (string)Check(report, "remote cache")["state"]!);
        }

        using (var closed = new NginxServer("deny all;"))
        {
            (int exitCode, JsonObject report) = Run(new() { ["ROCKET_REMOTE"] = closed.Address.AbsoluteUri });
            Assert.Equal(1, exitCode);
            Assert.Contains("ROCKET_REMOTE_TOKEN", (string)Check(report, "remote cache")["detail"]!, StringComparison.Ordinal);
        }

        (_, JsonObject silent) = Run([], "--remote", $"http://127.0.0.1:{NginxServer.FreePort()}/");
        Assert.Equal("fails", (string)Check(silent, "remote cache")["state"]!);
    }

    [Fact]
    public void A_token_is_never_printed()
    {
        (_, JsonObject report) = Run(new() { ["HF_TOKEN"] = "secret-token", ["ROCKET_REMOTE_TOKEN"] = "secret-token", ["ROCKET_REMOTE"] = $"http://127.0.0.1:{NginxServer.FreePort()}/" });
        Assert.Contains("with a token", (string)Check(report, "hub")["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", report.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonNode Check(JsonObject report, string name) => report["checks"]!.AsArray().Single(check => (string)check!["name"]! == name)!;

    private (int ExitCode, JsonObject Report) Run(Dictionary<string, string> environment, params string[] options)
    {
        ToolResult result = RocketTool.Run(_folder.Path, _folder.At("cache"), environment, ["doctor", "--json", .. options]);
        return (result.ExitCode, result.Json);
    }
}
