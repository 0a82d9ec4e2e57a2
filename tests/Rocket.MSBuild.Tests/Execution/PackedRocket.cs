namespace Rocket.MSBuild.Tests.Execution;

/// <summary>The packages as they are shipped, in a feed of their own, with a cache that knows the sample model; packed once for all tests.</summary>
public sealed class PackedRocket : IDisposable
{
    public const string Version = "0.1.0";
    public const string ToolCommand = "dotnet-rocket";

    private readonly TemporaryFolder _folder = new();

    public PackedRocket()
    {
        Pack(Feed, PackageIds);
        Reference = new ModelProject(this, _folder.At("reference"));
        Reference.Restore();
        Reference.Build().Succeed();
    }

    /// <summary>All packages of the project.</summary>
    public static IReadOnlyList<string> PackageIds { get; } =
        ["Rocket.Compression", "Rocket.Inference", "Rocket.MSBuild", "Rocket.Models", "Rocket.Templates", "Rocket.Tool"];

    /// <summary>The folder that serves as package source.</summary>
    public string Feed => _folder.At("feed");

    /// <summary>The package of the build tasks.</summary>
    public string Package => PathOf("Rocket.MSBuild");

    /// <summary>Where restored packages are unpacked: none of the tests' packages reaches the user's folder.</summary>
    public string Packages => _folder.At("packages");

    /// <summary>A cache in which the sample model is computed already.</summary>
    public string Cache => _folder.At("cache");

    /// <summary>The tool that the package carries.</summary>
    public string Tool => Path.Combine(Packages, "rocket.msbuild", Version, "tools", "net10.0", "rocket.dll");

    /// <summary>A project once built, undisturbed; tests only look at it.</summary>
    internal ModelProject Reference { get; }

    /// <summary>A package's file.</summary>
    public string PathOf(string id) => Path.Combine(Feed, $"{id}.{Version}.nupkg");

    /// <summary>Packs what is built already, in one run, with the tests' own version.</summary>
    internal void Pack(string feed, IEnumerable<string> ids)
    {
        string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        string items = string.Concat(ids.Select(id => $"<Package Include=\"{ProjectOf(id)}\" />"));
        string all = _folder.Write(
            $"{Path.GetFileName(feed)}.proj",
            $"<Project><ItemGroup>{items}</ItemGroup><Target Name=\"Pack\"><MSBuild Projects=\"@(Package)\" Targets=\"Pack\" BuildInParallel=\"true\" /></Target></Project>");
        DotNet.Run(_folder.Path, Cache, "msbuild", all, "-t:Pack", "-m", "-nologo", "-v:quiet", "-p:NoBuild=true", $"-p:Configuration={configuration}", $"-p:PackageOutputPath={feed}", $"-p:MinVerVersionOverride={Version}").Succeed();
    }

    public void Dispose() => _folder.Dispose();

    private static string ProjectOf(string id) => id == "Rocket.Templates"
        ? Path.Combine(SharedData.Repository(), "templates", $"{id}.csproj")
        : Path.Combine(SharedData.Repository(), "src", id, $"{id}.csproj");
}
