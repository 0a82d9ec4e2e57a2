using System.Runtime.CompilerServices;
using Rocket.Models.Factors;

namespace Rocket.Inference.Kernels;

/// <summary>
/// A matrix of integer codes in one stream of bits, with a scale and a zero point for every group of columns of a row. Every element is stored, or those that
/// a bitmask marks. A value is scale * (code - zero point), which float32 holds exactly: a scale has 11 bits, the difference 8 and a sign.
/// </summary>
internal readonly unsafe record struct PackedRows
{
    /// <summary>Groups whose scales vector kernels make ready at a time.</summary>
    public const int GroupsAtOnce = 256;

    // Scales of a row lie on the stack.
    private const int MostGroups = 4096;

    /// <summary>The stream of codes.</summary>
    public required nint Codes { get; init; }

    /// <summary>Bytes of the stream of codes.</summary>
    public required long CodeBytes { get; init; }

    /// <summary>Scales in F16, <c>[rows, groups]</c>.</summary>
    public required nint Scales { get; init; }

    /// <summary>The stream of zero points, <c>[rows, groups]</c>.</summary>
    public required nint Zeros { get; init; }

    /// <summary>Bytes of the stream of zero points.</summary>
    public required long ZeroBytes { get; init; }

    /// <summary>Bits of a code and of a zero point.</summary>
    public required int Bits { get; init; }

    /// <summary>Columns of a group, a multiple of 8.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Elements a row, stored or not.</summary>
    public required int Columns { get; init; }

    /// <summary>Which row of all that is row 0 here.</summary>
    public int FirstRow { get; init; }

    /// <summary><c>[rows, ceil(columns/8)]</c>, least significant bit first; 0: every element is stored.</summary>
    public nint Mask { get; init; }

    /// <summary>Number of stored elements before each row, and in all; 0 without a mask.</summary>
    public nint Starts { get; init; }

    /// <summary>Groups of a row.</summary>
    public int Groups => (Columns + GroupSize - 1) / GroupSize;

    /// <summary>The largest code.</summary>
    public uint LargestCode => (1u << Bits) - 1;

    /// <summary>Bytes of a mask's row.</summary>
    public int Stride => FactoredLinear.MaskStride(Columns);

    /// <summary>The mask of a row.</summary>
    public byte* MaskOf(int row) => (byte*)Mask + ((nint)(FirstRow + row) * Stride);

    /// <summary>Number of codes before a row.</summary>
    public long CodesBefore(int row) => Mask == 0 ? (long)(FirstRow + row) * Columns : ((int*)Starts)[FirstRow + row];

    /// <summary>Number of groups before a row.</summary>
    public long GroupsBefore(int row) => (long)(FirstRow + row) * Groups;

    /// <summary>The end of the rows that a vector kernel may take: groups fill its steps, and codes go on so far behind a row that it reads none beyond the stream.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="step">Columns of a step.</param>
    /// <param name="bytesBehind">What it may read behind a row's last code.</param>
    public int ReadableEnd(int firstRow, int rows, int step, int bytesBehind)
    {
        int end = GroupSize % step == 0 && Groups <= MostGroups ? firstRow + rows : firstRow;
        while (end > firstRow && (CodesBefore(end) * Bits >> 3) + bytesBehind > CodeBytes)
        {
            end--;
        }

        return end;
    }

    /// <summary>A code by its place in the stream.</summary>
    public int Code(long index) => Element((byte*)Codes, CodeBytes, index, Bits);

    /// <summary>Eight codes from a place in the stream on, the first in the lowest bits; what lies behind the stream is zero.</summary>
    public ulong EightCodes(long index)
    {
        long bit = index * Bits;
        long at = bit >> 3;
        byte* codes = (byte*)Codes + at;
        int shift = (int)(bit & 7);
        if (at + sizeof(ulong) < CodeBytes)
        {
            // Codes of 8 bits begin with a byte; of fewer, eight of them and what lies before the first take up to nine bytes.
            return shift == 0 ? *(ulong*)codes : (*(ulong*)codes >> shift) | ((ulong)codes[sizeof(ulong)] << (64 - shift));
        }

        ulong low = 0;
        for (int i = 0; i < Math.Min(sizeof(ulong), CodeBytes - at); i++)
        {
            low |= (ulong)codes[i] << (8 * i);
        }

        return low >> shift;
    }

    /// <summary>A group's scale.</summary>
    public float Scale(long group) => (float)((Half*)Scales)[group];

    /// <summary>A group's zero point.</summary>
    public int Zero(long group) => Element((byte*)Zeros, ZeroBytes, group, Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Element(byte* stream, long length, long index, int bits)
    {
        long bit = index * bits;
        long at = bit >> 3;
        int pair = at + 1 < length ? *(ushort*)(stream + at) : stream[at];
        return (pair >> (int)(bit & 7)) & ((1 << bits) - 1);
    }
}
