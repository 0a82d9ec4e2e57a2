using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>Sources that are fetched, by the tool as a user runs it.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = new HubServer { Token = "secret" }.With(Stories.Source);
    private readonly Dictionary<string, string> _environment;

    public RestoreTests()
    {
        _environment = new Dictionary<string, string> { ["HF_ENDPOINT"] = _hub.Address, ["HF_HOME"] = _folder.At("home"), ["HF_TOKEN"] = "secret" };
        Stories.WriteManifest(_folder, [30], source: "hf:someone/stories@main");
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_build_fetches_pins_and_goes_on_without_the_hub()
    {
        AssertFails("RKT2373", "build", "--locked");

        JsonObject built = Run("build");
        Assert.Equal(_hub.Files.Values.Max(content => content.Length), (long)built["models"]![0]!["source"]!["bytes"]!);
        string pinned = File.ReadAllText(_folder.At("rocket.lock.yaml"));
        Assert.Contains(_hub.Commit, pinned, StringComparison.Ordinal);
        string[] artifact = FolderSnapshot.WithTimes(_folder.At("out", Stories.Name, "r30"));

        _environment["HF_ENDPOINT"] = "http://127.0.0.1:1";
        Run("build", "--locked", "--output", "out");
        Assert.Equal(0, (int)Run("build", "--locked")["computedActions"]!);
        Assert.Equal(artifact, FolderSnapshot.WithTimes(_folder.At("out", Stories.Name, "r30")));
        Assert.Equal(pinned, File.ReadAllText(_folder.At("rocket.lock.yaml")));
    }

    [Fact]
    public void Restore_says_what_it_brought_and_a_proxy_of_the_environment_counts()
    {
        // The proxy is the hub itself: it is asked for an address that leads nowhere.
        _environment["HF_ENDPOINT"] = "http://hub.invalid";
        _environment["http_proxy"] = _hub.Address;
        _environment["no_proxy"] = "127.0.0.1";
        _hub.Fault = request => request.IsStore || request.Path.StartsWith("http://hub.invalid/", StringComparison.Ordinal) ? null : new HubFault { Status = 400 };
        JsonObject source = Run("restore")["sources"]![0]!.AsObject();
        Assert.Equal((_hub.Commit, true), ((string?)source["revision"], (bool)source["isNew"]!));
        Assert.False((bool)Run("restore", "--locked")["sources"]![0]!["isNew"]!);
        Assert.All(_hub.Requests.Where(request => !request.IsStore), request => Assert.StartsWith("http://hub.invalid/", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Restore_update_and_locked_exclude_each_other() => AssertFails("RKT1101", "restore", "--update", "--locked");

    private JsonObject Run(params string[] arguments)
    {
        ToolResult result = RocketTool.Run(_folder.Path, _folder.At("cache"), _environment, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Json;
    }

    private void AssertFails(string code, params string[] arguments)
    {
        ToolResult result = RocketTool.Run(_folder.Path, _folder.At("cache"), _environment, arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
    }
}
