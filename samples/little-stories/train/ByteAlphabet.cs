using System.Text;

namespace LittleStories;

/// <summary>GPT-2's printable character for each byte, and the ids of the 256 one-byte tokens, sorted by that character.</summary>
internal static class ByteAlphabet
{
    /// <summary>Ids below this are the special token and the bytes.</summary>
    public const int FirstMergeId = 257;

    private static readonly char[] Characters = MakeCharacters();
    private static readonly int[] IdOfByte = MakeIds();

    /// <summary>The one-byte tokens of a text's UTF-8 form.</summary>
    public static List<int> Ids(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => IdOfByte[b])];

    /// <summary>The characters in id order; the first has id 1.</summary>
    public static IReadOnlyList<char> Ordered { get; } = [.. Characters.Order()];

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var isPrintable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = (char)(isPrintable ? b : next++);
        }

        return characters;
    }

    private static int[] MakeIds()
    {
        var sorted = Characters.Order().ToArray();
        return [.. Characters.Select(c => 1 + Array.BinarySearch(sorted, c))];
    }
}
