using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Rocket.Models.Tokenization.Patterns;

/// <summary>
/// Writes every code point as one UTF-16 unit, so that .NET's <c>Regex</c>, which sees units, sees code points: one beyond the BMP becomes
/// a rare character of the BMP that has the same general category.
/// </summary>
/// <remarks>Exact for patterns that know such code points by category only (<c>\p{L}</c>, <c>\s</c>, negated classes); a pattern with one as a literal is refused.</remarks>
internal static class CodePointProjection
{
    private static readonly char[] Representatives = CreateRepresentatives();

    /// <summary>Whether the text has code points beyond the BMP.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    /// <summary>Projects a well-formed text.</summary>
    /// <param name="text">Text without lone surrogates.</param>
    /// <param name="offsets">For each projected unit, and for the end, where it begins in <paramref name="text"/>.</param>
    public static string Project(ReadOnlySpan<char> text, out int[] offsets)
    {
        var projected = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length + 1);
        var start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            projected.Append(rune.IsBmp ? (char)rune.Value : Representatives[(int)Rune.GetUnicodeCategory(rune)]);
            starts.Add(start);
            start += rune.Utf16SequenceLength;
        }

        starts.Add(start);
        offsets = [.. starts];
        return projected.ToString();
    }

    private static char[] CreateRepresentatives()
    {
        var representatives = new char[30];
        // Vai, Bamum, Saurashtra, Syloti Nagri and the like: no published pattern names their characters.
        foreach (var c in "\uA77D\u1F88\uAB30\uA717\uA500\uA806\uA823\uA670\uA8D0\uA6E6\uA830\u3000\u2028\u2029\u0081\uFFF9\uF000\u203F\u2E3A\u2E28\u2E29\u2E20\u2E21\uA4FE\u29BF\uA838\uA700\uA828\uFDD0")
        {
            representatives[(int)CharUnicodeInfo.GetUnicodeCategory(c)] = c;
        }

        representatives[(int)UnicodeCategory.Surrogate] = '\uFFFD';
        Debug.Assert(!representatives.Contains('\0'));
        return representatives;
    }
}
