using System.Text;

namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Strings as Python counts them: by code points, not by UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Length(string text)
    {
        int length = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            length -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        }

        return length;
    }

    /// <summary>The code points, one string each.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var points = new List<string>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            points.Add(isPair ? text.Substring(i++, 2) : text[i].ToString());
        }

        return points;
    }

    /// <summary>Orders two strings by their code points.</summary>
    public static int Compare(string left, string right)
    {
        StringRuneEnumerator leftRunes = left.EnumerateRunes();
        StringRuneEnumerator rightRunes = right.EnumerateRunes();
        while (true)
        {
            bool hasLeft = MoveNext(ref leftRunes, out Rune first);
            bool hasRight = MoveNext(ref rightRunes, out Rune second);
            if (!hasLeft || !hasRight || first != second)
            {
                return hasLeft && hasRight ? first.Value.CompareTo(second.Value) : hasLeft.CompareTo(hasRight);
            }
        }
    }

    private static bool MoveNext(ref StringRuneEnumerator runes, out Rune rune)
    {
        bool has = runes.MoveNext();
        rune = has ? runes.Current : default;
        return has;
    }
}
