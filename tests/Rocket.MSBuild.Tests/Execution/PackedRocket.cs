namespace Rocket.MSBuild.Tests.Execution;

/// <summary>The package as it is shipped, in a feed of its own, with a cache that knows the sample model; packed once for all tests.</summary>
public sealed class PackedRocket : IDisposable
{
    public const string Version = "0.1.0";
    public const string ToolCommand = "dotnet-rocket";

    private readonly TemporaryFolder _folder = new();

    public PackedRocket()
    {
        string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        foreach (string name in (string[])["Rocket.MSBuild", "Rocket.Tool"])
        {
            string project = Path.Combine(SharedData.Repository(), "src", name);
            DotNet.Run(_folder.Path, Cache, "pack", project, "--no-build", "-c", configuration, "-o", Feed, "-v", "quiet").Succeed();
        }

        Reference = new ModelProject(this, _folder.At("reference"));
        Reference.Restore();
        Reference.Build().Succeed();
    }

    /// <summary>The folder that serves as package source.</summary>
    public string Feed => _folder.At("feed");

    /// <summary>The package.</summary>
    public string Package => Path.Combine(Feed, $"Rocket.MSBuild.{Version}.nupkg");

    /// <summary>Where restored packages are unpacked: none of the tests' packages reaches the user's folder.</summary>
    public string Packages => _folder.At("packages");

    /// <summary>A cache in which the sample model is computed already.</summary>
    public string Cache => _folder.At("cache");

    /// <summary>The tool that the package carries.</summary>
    public string Tool => Path.Combine(Packages, "rocket.msbuild", Version, "tools", "net10.0", "rocket.dll");

    /// <summary>A project once built, undisturbed; tests only look at it.</summary>
    internal ModelProject Reference { get; }

    public void Dispose() => _folder.Dispose();
}
