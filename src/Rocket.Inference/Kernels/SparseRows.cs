using System.Runtime.CompilerServices;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Kernels;

/// <summary>A matrix of which the elements that a bitmask marks are stored, row by row; the others are zero.</summary>
/// <param name="Mask"><c>[rows, ceil(columns/8)]</c>, least significant bit first; padding bits are zero.</param>
/// <param name="Values">The stored elements.</param>
/// <param name="Starts">Number of elements before each row, and in all.</param>
/// <param name="Count">Number of stored elements.</param>
/// <param name="Type">F32, F16 or BF16.</param>
/// <param name="Columns">Elements a row, stored or not.</param>
internal readonly unsafe record struct SparseRows(nint Mask, nint Values, nint Starts, int Count, TensorType Type, int Columns)
{
    /// <summary>Bytes of a mask's row.</summary>
    public int Stride => FactoredLinear.MaskStride(Columns);

    /// <summary>The byte behind the last value.</summary>
    public byte* End => (byte*)Values + ((nint)Count * Type.ByteSize());

    /// <summary>The mask of a row.</summary>
    public byte* MaskOf(int row) => (byte*)Mask + ((nint)row * Stride);

    /// <summary>The first stored element of a row.</summary>
    public byte* ValuesOf(int row) => (byte*)Values + ((nint)((int*)Starts)[row] * Type.ByteSize());

    /// <summary>Mask bits of the columns 32 <paramref name="word"/> and up; nothing behind the row is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Word(byte* mask, int word, int stride)
    {
        int left = stride - (word * sizeof(uint));
        byte* bytes = mask + (word * sizeof(uint));
        return left >= sizeof(uint) ? *(uint*)bytes
            : left == 3 ? *(ushort*)bytes | ((uint)bytes[2] << 16)
            : left == 2 ? *(ushort*)bytes
            : *bytes;
    }

    /// <summary>Mask bits of the columns 32 <paramref name="word"/> and up, 64 of them; nothing behind the row is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DoubleWord(byte* mask, int word, int stride)
        => stride - (word * sizeof(uint)) >= sizeof(ulong)
            ? *(ulong*)(mask + (word * sizeof(uint)))
            : Word(mask, word, stride) | ((ulong)Word(mask, word + 1, stride) << 32);
}
