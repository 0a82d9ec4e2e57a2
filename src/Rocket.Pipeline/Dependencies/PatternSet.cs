using Microsoft.Extensions.FileSystemGlobbing;

namespace Rocket.Pipeline.Dependencies;

/// <summary>FileSystemGlobbing patterns and the folder that relative ones start from.</summary>
/// <param name="Folder">The folder, as a full path.</param>
/// <param name="Patterns">The patterns; those that begin with <c>!</c> take files away, wherever they stand in the list.</param>
internal sealed record PatternSet(string Folder, IReadOnlyList<string> Patterns)
{
    /// <summary>Full paths of the files that the set names, each once, in ordinal order.</summary>
    /// <exception cref="IOException">A folder cannot be read; also <see cref="UnauthorizedAccessException"/>.</exception>
    public string[] Expand()
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string pattern in Patterns)
        {
            if (!IsExclusion(pattern))
            {
                found.UnionWith(Match(pattern, Folder));
            }
        }

        foreach (string pattern in Patterns)
        {
            if (IsExclusion(pattern))
            {
                found.ExceptWith(Match(pattern[1..], Folder));
            }
        }

        string[] files = [.. found];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Whether a pattern takes files away.</summary>
    public static bool IsExclusion(string pattern) => pattern.StartsWith('!');

    /// <summary>Full paths of the files that one pattern names, case counting.</summary>
    public static string[] Match(string pattern, string folder)
    {
        (string root, string below) = Path.IsPathRooted(pattern) ? SplitAbsolute(pattern) : (folder, pattern);
        string literal = Path.GetFullPath(Path.Combine(root, below));
        return below.Contains('*', StringComparison.Ordinal) || !File.Exists(literal)
            ? [.. new Matcher(StringComparison.Ordinal).AddInclude(below).GetResultsInFullPath(root).Select(Path.GetFullPath)]
            : [literal];
    }

    /// <summary>The folder before the first wildcard, and the pattern below it.</summary>
    private static (string Root, string Below) SplitAbsolute(string pattern)
    {
        int wildcard = pattern.IndexOf('*', StringComparison.Ordinal);
        string fixedPart = wildcard < 0 ? pattern : pattern[..wildcard];
        int slash = fixedPart.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]);
        return (pattern[..(slash + 1)], pattern[(slash + 1)..]);
    }
}
