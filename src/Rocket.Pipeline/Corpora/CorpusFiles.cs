using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Corpora;

/// <summary>Finds the files that a list of patterns names.</summary>
public static class CorpusFiles
{
    /// <summary>Expands FileSystemGlobbing patterns (<c>*</c> and <c>**</c>), case counting; those that begin with <c>!</c> take files away, wherever they stand in the list.</summary>
    /// <param name="patterns">The patterns and their places; absolute ones are allowed.</param>
    /// <param name="baseFolder">The folder that relative patterns start from.</param>
    /// <returns>Every file once, in ordinal order of its relative path.</returns>
    /// <exception cref="RocketException">A pattern finds no file, or nothing remains (RKT3101); a folder cannot be read (RKT3108).</exception>
    public static ImmutableArray<CorpusFile> Expand(IEnumerable<Located<string>> patterns, string baseFolder)
    {
        string folder = Path.GetFullPath(baseFolder);
        Located<string>[] all = [.. patterns];
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (Located<string> pattern in all.Where(pattern => !IsExclusion(pattern)))
        {
            string[] matches = Match(pattern.Value, folder, pattern.Location);
            if (matches.Length == 0)
            {
                throw CorpusErrors.NoMatch(pattern.Location, pattern.Value, folder, Directory.Exists(Path.Combine(folder, pattern.Value)));
            }

            found.UnionWith(matches);
        }

        foreach (Located<string> pattern in all.Where(IsExclusion))
        {
            found.ExceptWith(Match(pattern.Value[1..], folder, pattern.Location));
        }

        if (found.Count == 0 && all.Length > 0)
        {
            throw CorpusErrors.NoMatch(all[^1].Location, string.Join(" ", all.Select(pattern => pattern.Value)), folder, isFolder: false);
        }

        return [.. found
            .Select(path => new CorpusFile(Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), path))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    private static string[] Match(string pattern, string folder, SourceLocation location)
    {
        try
        {
            return PatternSet.Match(pattern, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CorpusErrors.Unreadable(location, pattern, exception);
        }
    }

    private static bool IsExclusion(Located<string> pattern) => PatternSet.IsExclusion(pattern.Value);
}
