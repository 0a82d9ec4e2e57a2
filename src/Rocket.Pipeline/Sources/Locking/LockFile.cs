using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Sources.Locking;

/// <summary><c>rocket.lock.yaml</c>: what the sources of a manifest were when they were fetched, so that everybody builds from the same files.</summary>
/// <param name="Sources">The pinned sources, by their text in ordinal order.</param>
internal sealed record LockFile(ImmutableArray<LockedSource> Sources)
{
    private const int LargestFile = 16 << 20;

    /// <summary>A file that pins nothing.</summary>
    public static LockFile Empty { get; } = new(ImmutableArray<LockedSource>.Empty);

    /// <summary>The lock file of a manifest: <c>rocket.lock.yaml</c> of <c>rocket.yaml</c>.</summary>
    public static string PathOf(string manifest) => Path.ChangeExtension(manifest, ".lock.yaml");

    /// <summary>Reads a lock file; null where there is none.</summary>
    /// <exception cref="RocketException">RKT2371, RKT2372: it is unreadable or damaged.</exception>
    public static LockFile? TryRead(string path)
    {
        string text;
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            text = new FileInfo(path).Length <= LargestFile ? File.ReadAllText(path) : throw new IOException("It is no lock file: it is too long.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.LockUnusable(path, exception);
        }

        try
        {
            return Parse(text, path);
        }
        catch (RocketException exception)
        {
            throw SourceErrors.LockDamaged(exception.Location ?? new SourceLocation(path), exception.Message);
        }
    }

    /// <summary>The pinned form of a source; null where it is not pinned.</summary>
    public LockedSource? Find(string source) => Sources.FirstOrDefault(locked => locked.Source == source);

    /// <summary>The same with a source pinned anew.</summary>
    public LockFile With(LockedSource source) => new([.. Sources.Where(locked => locked.Source != source.Source).Append(source).OrderBy(locked => locked.Source, StringComparer.Ordinal)]);

    /// <summary>Writes the file, whole or not at all, where it says something else; deletes it where nothing is pinned.</summary>
    /// <exception cref="RocketException">RKT2371: it cannot be written.</exception>
    public void Write(string path)
    {
        string fresh = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            string text = Format();
            if (Sources.IsEmpty)
            {
                File.Delete(path);
            }
            else if (!File.Exists(path) || File.ReadAllText(path) != text)
            {
                File.WriteAllText(fresh, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                File.Move(fresh, path, overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.LockUnusable(path, exception);
        }
    }

    private static LockFile Parse(string text, string path)
    {
        var reader = new MappingReader(YamlLoader.Load(text, path), "the lock file", "the lock file", "version", "sources");
        ManifestNode version = reader.Required("version");
        return version is ScalarNode { Text: "1" }
            ? new LockFile([.. reader.RequiredList("sources").Select(ReadSource)])
            : throw ManifestErrors.UnsupportedVersion(version.Location, version.Description);
    }

    private static LockedSource ReadSource(ManifestNode node)
    {
        var reader = new MappingReader(node, "sources", "the source", "source", "revision", "files");
        return new LockedSource(reader.RequiredText("source").Value, reader.RequiredText("revision").Value, [.. reader.RequiredList("files").Select(ReadFile)]);
    }

    private static LockedFile ReadFile(ManifestNode node)
    {
        var reader = new MappingReader(node, "files", "the file", "path", "bytes", "sha256");
        Located<string> digest = reader.RequiredText("sha256");
        return Digest.TryParse(digest.Value, out Digest parsed)
            ? new LockedFile(reader.RequiredText("path").Value, reader.OptionalLong("bytes", 0, 0, long.MaxValue).Value, parsed)
            : throw ManifestErrors.WrongType(digest.Location, "sha256", "64 hexadecimal digits", $"\"{digest.Value}\"");
    }

    private string Format()
    {
        var text = new StringBuilder("# Made by `dotnet rocket restore`: what the sources of the manifest are. Keep it in version control.\nversion: 1\nsources:\n");
        foreach (LockedSource source in Sources)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - source: {Quote(source.Source)}\n    revision: {Quote(source.Revision)}\n    files:\n");
            foreach (LockedFile file in source.Files)
            {
                text.Append(CultureInfo.InvariantCulture, $"      - {{ path: {Quote(file.Path)}, bytes: {file.Bytes}, sha256: {file.Digest} }}\n");
            }
        }

        return text.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
