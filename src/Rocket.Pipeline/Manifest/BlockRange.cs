using System.Globalization;

namespace Rocket.Pipeline.Manifest;

/// <summary>Blocks from the first to the last, both included, counted from 0.</summary>
public readonly record struct BlockRange(int First, int Last)
{
    /// <summary>Whether a block is one of them.</summary>
    public bool Contains(int block) => block >= First && block <= Last;

    /// <summary>Reads <c>3</c> or <c>0..3</c>; null where the text is neither.</summary>
    public static BlockRange? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] ends = text.Split("..");
        return ends.Length <= 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && first <= last
            ? new BlockRange(first, last)
            : null;
    }

    /// <summary>As the manifest writes it.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}..{Last}";
}
