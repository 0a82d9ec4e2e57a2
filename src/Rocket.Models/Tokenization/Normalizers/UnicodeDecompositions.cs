using System.Diagnostics;
using System.Globalization;

namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>The Unicode character database's decompositions, compositions and combining classes, read from an embedded table on first use.</summary>
internal static class UnicodeDecompositions
{
    // Hangul syllables follow a formula (The Unicode Standard, section 3.12).
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TailCount;

    private static readonly Dictionary<int, int[]> Canonical = [];
    private static readonly Dictionary<int, int[]> Compatibility = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    // The four tables are filled in one pass over one file.
#pragma warning disable CA1810
    static UnicodeDecompositions()
#pragma warning restore CA1810
    {
        using var stream = typeof(UnicodeDecompositions).Assembly.GetManifestResourceStream("UnicodeDecompositions.txt")
            ?? throw new UnreachableException("The table is embedded by the project file.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                ReadLine(line.Split(' '));
            }
        }
    }

    public static int CombiningClass(int codePoint) => codePoint < 0x300 ? 0 : Classes.GetValueOrDefault(codePoint);

    /// <summary>The code point that the two compose to, or -1.</summary>
    public static int Compose(int first, int second)
    {
        var (lead, vowel) = (first - LeadFirst, second - VowelFirst);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return HangulFirst + (((lead * VowelCount) + vowel) * TailCount);
        }

        var (syllable, tail) = (first - HangulFirst, second - TailBase);
        if (syllable is >= 0 and < HangulCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            return first + tail;
        }

        return Compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>Appends the full decomposition of a code point.</summary>
    public static void AppendDecomposition(int codePoint, bool compatibility, List<int> output)
    {
        var syllable = codePoint - HangulFirst;
        if (syllable is >= 0 and < HangulCount)
        {
            output.Add(LeadFirst + (syllable / (VowelCount * TailCount)));
            output.Add(VowelFirst + (syllable / TailCount % VowelCount));
            if (syllable % TailCount > 0)
            {
                output.Add(TailBase + (syllable % TailCount));
            }
        }
        else if (codePoint >= 0xA0 && (Canonical.TryGetValue(codePoint, out var parts) || (compatibility && Compatibility.TryGetValue(codePoint, out parts))))
        {
            foreach (var part in parts)
            {
                AppendDecomposition(part, compatibility, output);
            }
        }
        else
        {
            output.Add(codePoint);
        }
    }

    private static void ReadLine(string[] fields)
    {
        var numbers = fields.Skip(1).Select(field => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        switch (fields[0])
        {
            case "c":
                Canonical.Add(numbers[0], numbers[1..]);
                Compositions.Add((numbers[1], numbers[2]), numbers[0]);
                break;
            case "x":
                Canonical.Add(numbers[0], numbers[1..]);
                break;
            case "k":
                Compatibility.Add(numbers[0], numbers[1..]);
                break;
            default:
                for (var codePoint = numbers[1]; codePoint <= numbers[^1]; codePoint++)
                {
                    Classes.Add(codePoint, (byte)numbers[0]);
                }

                break;
        }
    }
}
