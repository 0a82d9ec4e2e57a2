using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rocket.Models.Tokenization.AddedTokens;

/// <summary>Finds added tokens in a text: the leftmost, of those the longest, not overlapping.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<AddedToken?> _ends = [null];
    private readonly SearchValues<char> _firstCharacters;

    /// <summary>Creates a matcher of tokens by the texts under which they are looked for; of equal texts the last counts.</summary>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var first = new HashSet<char>();
        foreach (var (text, token) in tokens.Where(entry => entry.Text.Length > 0))
        {
            var node = 0;
            foreach (var c in text)
            {
                if (!_edges.TryGetValue((node, c), out var next))
                {
                    next = _ends.Count;
                    _ends.Add(null);
                    _edges.Add((node, c), next);
                }

                node = next;
            }

            _ends[node] = token;
            first.Add(text[0]);
        }

        _firstCharacters = SearchValues.Create([.. first]);
    }

    /// <summary>Appends the stretches of a text, in order and without gaps, each with its token or null for plain text.</summary>
    public void AppendSegments(string text, List<Segment> segments)
    {
        var plainStart = 0;
        for (var at = 0; text.AsSpan(at).IndexOfAny(_firstCharacters) is >= 0 and var skip;)
        {
            var start = at + skip;
            if (Longest(text, start) is not (var token, var end))
            {
                at = start + 1;
                continue;
            }

            at = end;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(end))))
            {
                continue;
            }

            if (token.StripsLeft)
            {
                start = Math.Max(text.AsSpan(0, start).TrimEnd().Length, plainStart);
            }

            if (token.StripsRight)
            {
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            }

            if (start > plainStart)
            {
                segments.Add(new Segment(plainStart, start, null));
            }

            segments.Add(new Segment(start, end, token));
            plainStart = end;
        }

        if (plainStart < text.Length)
        {
            segments.Add(new Segment(plainStart, text.Length, null));
        }
    }

    private (AddedToken Token, int End)? Longest(string text, int start)
    {
        (AddedToken, int)? longest = null;
        for (int at = start, node = 0; at < text.Length && _edges.TryGetValue((node, text[at]), out node);)
        {
            at++;
            if (_ends[node] is { } token)
            {
                longest = (token, at);
            }
        }

        return longest;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    /// <summary>Unicode's <c>\w</c> (UTS 18): letters, marks, decimal digits, letter numbers, connectors and joiners.</summary>
    private static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>A stretch of text from <paramref name="Start"/> up to, not with, <paramref name="End"/>.</summary>
    internal readonly record struct Segment(int Start, int End, AddedToken? Token);
}
