using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rocket.Tool.Tests.Execution;

/// <summary>The project once built, undisturbed, with one thread; the tests that only look share it.</summary>
public sealed class BuiltStories : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuiltStories()
    {
        Stories.WriteManifest(_folder, [30], evaluate: true);
        var watch = Stopwatch.StartNew();
        Report = RocketTool.RunJson(Folder, Cache, "build", "--output", "out", "--dense", "--dtype", "F32", "--threads", "1");
        ColdTime = watch.Elapsed;
    }

    /// <summary>The project's folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Its cache; tests that build take a copy.</summary>
    public string Cache => _folder.At("cache");

    /// <summary>The artifact at 30 %.</summary>
    public string Artifact => _folder.At("out", Stories.Name, "r30");

    /// <summary>Its dense export.</summary>
    public string DenseExport => Artifact + "-dense";

    /// <summary>What the build printed.</summary>
    public JsonObject Report { get; }

    /// <summary>Wall time of the cold build.</summary>
    public TimeSpan ColdTime { get; }

    public void Dispose() => _folder.Dispose();
}
