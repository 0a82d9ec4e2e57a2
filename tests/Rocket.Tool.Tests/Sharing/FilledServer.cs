using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Sharing;

/// <summary>What a server holds after one machine has built the project; tests start servers with a copy of it.</summary>
public sealed class FilledServer : IDisposable
{
    private readonly NginxServer _server = new();

    public FilledServer()
    {
        using var a = new TemporaryFolder();
        Stories.WriteManifest(a, [30], evaluate: true);
        var watch = Stopwatch.StartNew();
        Report = RocketTool.RunJson(a.Path, a.At("cache"), "build", "--remote", _server.Address.AbsoluteUri);
        Time = watch.Elapsed;
    }

    /// <summary>What the machine's build printed.</summary>
    public JsonObject Report { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Time { get; }

    public void Dispose() => _server.Dispose();

    /// <summary>Another server that holds the same; the caller's.</summary>
    internal NginxServer Copy()
    {
        var copy = new NginxServer();
        BuildTests.CopyFolder(_server.Data, copy.Data);
        return copy;
    }
}
