using System.Text.RegularExpressions;

namespace Rocket.Models.Tokenization.Patterns;

/// <summary>A regular expression whose classes see code points, not UTF-16 units.</summary>
internal sealed class UnicodeRegex(Regex regex)
{
    /// <summary>Reads a pattern as the tokenizers library would.</summary>
    /// <exception cref="NotSupportedException">.NET cannot match what the pattern means.</exception>
    public static UnicodeRegex Parse(string pattern)
    {
        try
        {
            // Ruby's ^ and $ always match at line breaks, which .NET calls multiline.
            return new UnicodeRegex(new Regex(PatternTranslator.Translate(pattern), RegexOptions.Compiled | RegexOptions.Multiline | RegexOptions.CultureInvariant));
        }
        catch (RegexParseException e)
        {
            throw new NotSupportedException(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Appends the matches, empty ones left out; offsets count from the beginning of <paramref name="text"/>.</summary>
    public void AppendMatches(ReadOnlySpan<char> text, List<Match> matches)
    {
        if (!CodePointProjection.IsNeeded(text))
        {
            AppendMatches(text, null, matches);
            return;
        }

        var projected = CodePointProjection.Project(text, out var offsets);
        AppendMatches(projected, offsets, matches);
    }

    private void AppendMatches(ReadOnlySpan<char> text, int[]? offsets, List<Match> matches)
    {
        foreach (var match in regex.EnumerateMatches(text))
        {
            if (match.Length == 0)
            {
                continue;
            }

            var (start, end) = (match.Index, match.Index + match.Length);
            matches.Add(offsets is null ? new Match(start, end) : new Match(offsets[start], offsets[end]));
        }
    }

    /// <summary>A match from <paramref name="Start"/> up to, not with, <paramref name="End"/>, in UTF-16 units.</summary>
    internal readonly record struct Match(int Start, int End);
}
