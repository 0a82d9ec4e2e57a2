using System.Text;

namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Unicode normalization forms C, D, KC and KD (Unicode Standard Annex 15).</summary>
/// <remarks>Not <c>string.Normalize</c>: without ICU, which a small Linux image does not have, it returns the text as it was.</remarks>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : Normalizer
{
    public override string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var codePoints = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            UnicodeDecompositions.AppendDecomposition(rune.Value, compatibility, codePoints);
        }

        Order(codePoints);
        var length = compose ? Compose(codePoints) : codePoints.Count;
        var output = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < length; i++)
        {
            output.Append(units[..new Rune(codePoints[i]).EncodeToUtf16(units)]);
        }

        return output.ToString();
    }

    /// <summary>Puts every run of marks into the order of their combining classes, keeping the order of equal ones.</summary>
    private static void Order(List<int> codePoints)
    {
        for (var i = 0; i < codePoints.Count;)
        {
            var start = i;
            while (i < codePoints.Count && UnicodeDecompositions.CombiningClass(codePoints[i]) != 0)
            {
                i++;
            }

            if (i - start > 1)
            {
                var run = codePoints.GetRange(start, i - start).OrderBy(UnicodeDecompositions.CombiningClass).ToArray();
                for (var k = 0; k < run.Length; k++)
                {
                    codePoints[start + k] = run[k];
                }
            }

            i = Math.Max(i, start + 1);
        }
    }

    /// <summary>Joins each mark that is not blocked to its starter, in place; returns the new length.</summary>
    private static int Compose(List<int> codePoints)
    {
        var (length, starter, lastClass) = (0, -1, 0);
        for (var i = 0; i < codePoints.Count; i++)
        {
            var codePoint = codePoints[i];
            var combiningClass = UnicodeDecompositions.CombiningClass(codePoint);
            var adjacent = starter == length - 1;
            if (starter >= 0 && (adjacent || (lastClass < combiningClass && lastClass != 0))
                && UnicodeDecompositions.Compose(codePoints[starter], codePoint) is >= 0 and var composed)
            {
                codePoints[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = length;
            }

            lastClass = combiningClass;
            codePoints[length++] = codePoint;
        }

        return length;
    }
}
