using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization.Patterns;

/// <summary>The <c>pattern</c> of a Split or Replace: a literal string or a regular expression.</summary>
internal sealed class TextPattern
{
    private readonly string? _literal;
    private readonly UnicodeRegex? _regex;

    private TextPattern(string? literal, UnicodeRegex? regex) => (_literal, _regex) = (literal, regex);

    public static TextPattern Read(JsonField field)
    {
        if (field["String"] is { IsNull: false } text)
        {
            return new TextPattern(text.Text().Length > 0 ? text.Text() : throw text.Wrong("a string that is not empty"), null);
        }

        var regex = field["Regex"];
        try
        {
            return new TextPattern(null, UnicodeRegex.Parse(regex.Text()));
        }
        catch (NotSupportedException e)
        {
            throw TokenizerErrors.UnsupportedPattern(regex.File, regex.Path, regex.Text(), e.Message);
        }
    }

    /// <summary>Appends the matches, in order and not overlapping.</summary>
    public void AppendMatches(ReadOnlySpan<char> text, List<UnicodeRegex.Match> matches)
    {
        if (_literal is null)
        {
            _regex!.AppendMatches(text, matches); // One of the two is set.
            return;
        }

        for (var start = 0; text[start..].IndexOf(_literal, StringComparison.Ordinal) is >= 0 and var at;)
        {
            matches.Add(new UnicodeRegex.Match(start + at, start + at + _literal.Length));
            start += at + _literal.Length;
        }
    }
}
