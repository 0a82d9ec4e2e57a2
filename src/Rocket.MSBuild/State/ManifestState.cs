using Rocket.Pipeline.Dependencies;

namespace Rocket.MSBuild.State;

/// <summary>What is known of a manifest's last build: files below the output path whose names begin with a dot, which no model's can.</summary>
/// <param name="manifest">The manifest as the project names it.</param>
/// <param name="outputPath">The folder that artifacts go below.</param>
internal sealed class ManifestState(string manifest, string outputPath)
{
    /// <summary>Ends the name of the targets that a package of artifacts is given.</summary>
    public const string PackTargetsExtension = ".rocket.targets";

    private const string DependencyExtension = ".d";
    private const string PackFolderExtension = ".rocket.shards";

    private readonly string _stem = Path.Combine(outputPath, "." + manifest.Replace("_", "__", StringComparison.Ordinal).Replace('/', '_').Replace('\\', '_').Replace(':', '_'));

    /// <summary>The tool's dependency file.</summary>
    public string DependencyPath => _stem + DependencyExtension;

    /// <summary>Holds the hash of the properties that the last build had.</summary>
    public string CachePath => _stem + ".cache";

    /// <summary>Held by the build that makes the artifacts.</summary>
    public string LockPath => _stem + ".lock";

    /// <summary>The dependency files of all manifests below an output path.</summary>
    public static string[] DependencyPathsIn(string outputPath) => Directory.Exists(outputPath) ? Directory.GetFiles(outputPath, $".*{DependencyExtension}") : [];

    /// <summary>The files of state that belong to a dependency file.</summary>
    public static string[] FilesOf(string dependencyPath)
    {
        string stem = dependencyPath[..^DependencyExtension.Length];
        return [dependencyPath, stem + ".cache", stem + ".lock"];
    }

    /// <summary>Folder below the output path in which the shards of a package are made.</summary>
    public static string PackFolderOf(string packageId) => $".{packageId}{PackFolderExtension}";

    /// <summary>The folders of shards below an output path.</summary>
    public static string[] PackFoldersIn(string outputPath) => Directory.Exists(outputPath) ? Directory.GetDirectories(outputPath, $".*{PackFolderExtension}") : [];

    /// <summary>The targets of packages below an output path.</summary>
    public static string[] PackTargetsIn(string outputPath) => Directory.Exists(outputPath) ? Directory.GetFiles(outputPath, $".*{PackTargetsExtension}") : [];

    /// <summary>Reads a dependency file; null where there is none or it is damaged.</summary>
    public static DependencyFile? TryRead(string dependencyPath)
    {
        try
        {
            return DependencyFile.TryParse(File.ReadAllText(dependencyPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there, or being replaced: the tool makes it anew.
            return null;
        }
    }

    /// <summary>The last build's dependency file, or null.</summary>
    public DependencyFile? TryRead() => TryRead(DependencyPath);

    /// <summary>Why the tool has to run; null where everything is as the last build left it.</summary>
    /// <param name="last">The last build's dependency file.</param>
    /// <param name="hash">Hash of the properties now.</param>
    public string? FindChange(DependencyFile? last, string hash)
    {
        if (last is null)
        {
            return "it was not built yet";
        }

        return ReadCache() != hash ? "a property or the tool has changed"
            : FindChange(last.Inputs) ?? last.Patterns.Select(FindChange).FirstOrDefault(change => change is not null) ?? FindChange(last.Outputs) ?? FindChange(last.Records);
    }

    /// <summary>Remembers the properties of a build that succeeded.</summary>
    public void WriteCache(string hash) => File.WriteAllText(CachePath, hash);

    private string? ReadCache() => File.Exists(CachePath) ? File.ReadAllText(CachePath) : null;

    private static string? FindChange(IReadOnlyList<StampedFile> files)
    {
        foreach (StampedFile file in files)
        {
            FileStamp? now = FileStamp.Of(file.Path);
            if (now != file.Stamp)
            {
                return $"'{file.Path}' {(now is null ? "is gone" : file.Stamp is null ? "is new" : "has changed")}";
            }
        }

        return null;
    }

    private static string? FindChange(MatchedPatterns patterns)
    {
        string[] now = patterns.Set.Expand();
        HashSet<string> before = new(patterns.Matches.Select(file => file.Path), StringComparer.Ordinal);
        return Array.Find(now, file => !before.Contains(file)) is { } added ? $"'{added}' is new under '{string.Join(' ', patterns.Set.Patterns)}'" : FindChange(patterns.Matches);
    }
}
