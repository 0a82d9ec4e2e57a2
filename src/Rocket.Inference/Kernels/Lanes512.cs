using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>
/// Bits of a mask as the lane masks that AVX-512 instructions take; .NET makes mask registers of comparisons.
/// Stored weights of 16 bits are expanded from registers, since from memory it takes longer (measured on Zen 5).
/// </summary>
internal static unsafe class Lanes512
{
    private static Vector512<uint> LowBit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1u, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
    }

    private static Vector512<uint> HighBit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20, 1u << 21, 1u << 22, 1u << 23, 1u << 24, 1u << 25, 1u << 26, 1u << 27, 1u << 28, 1u << 29, 1u << 30, 1u << 31);
    }

    // Eight bytes take their bits from one byte of the mask.
    private static Vector512<ulong> ByteOfMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7) * 0x0101010101010101ul;
    }

    /// <summary>All ones in each of 16 lanes whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of16(uint mask) => Low(Vector512.Create(mask));

    /// <summary>Lanes of the low 16 bits of a mask that every lane holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Low(Vector512<uint> mask) => ~Vector512.Equals(mask & LowBit, Vector512<uint>.Zero);

    /// <summary>Lanes of the high 16 bits of a mask that every lane holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> High(Vector512<uint> mask) => ~Vector512.Equals(mask & HighBit, Vector512<uint>.Zero);

    /// <summary>The sign in each of 32 lanes whose bit is set in one of the words that every lane holds, as <see cref="WordLanes"/> chooses it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> OfWord(Vector512<byte> words, Vector512<byte> ofWord, Vector512<ushort> bits)
        => Avx512Vbmi.IsSupported
            ? Avx512Vbmi.MultiShift(ofWord, words.AsUInt64()).AsUInt16()
            : ~Vector512.Equals(Avx512BW.Shuffle(words, ofWord).AsUInt16() & bits, Vector512<ushort>.Zero);

    /// <summary>All ones in each of 64 bytes whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Of64(ulong mask)
    {
        Vector512<byte> own = Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), ByteOfMask.AsByte());
        return ~Vector512.Equals(own & Vector512.Create(0x8040201008040201ul).AsByte(), Vector512<byte>.Zero);
    }

    /// <summary>Stored weights of 16 bits in the marked lanes of 32, zeros elsewhere; 64 bytes are read.</summary>
    /// <param name="values">The stored weights.</param>
    /// <param name="word">The marks.</param>
    /// <param name="lanes">The same marks in lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Expand(byte* values, uint word, Vector512<ushort> lanes)
    {
        if (Avx512Vbmi2.IsSupported)
        {
            return Avx512Vbmi2.Expand(Vector512<ushort>.Zero, lanes, Vector512.Load((ushort*)values));
        }

        // Sixteen at once, in lanes of 32 bits.
        Vector512<uint> words = Vector512.Create(word);
        Vector512<uint> low = Avx512F.Expand(Vector512<uint>.Zero, Low(words), Load(values));
        Vector512<uint> high = Avx512F.Expand(Vector512<uint>.Zero, High(words), Load(values + (sizeof(ushort) * BitOperations.PopCount(word & 0xFFFF))));
        return Vector512.Create(Avx512F.ConvertToVector256UInt16(low), Avx512F.ConvertToVector256UInt16(high));
    }

    /// <summary>Stored float32 in the lanes whose bit is set, zeros elsewhere; nothing else is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandSingles(float* values, uint mask)
        => Avx512F.ExpandLoad((uint*)values, Of16(mask), Vector512<uint>.Zero).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Load(byte* weights) => Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)weights));
}
