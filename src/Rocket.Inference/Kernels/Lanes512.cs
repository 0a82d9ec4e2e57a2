using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>Bits of a mask as the lane masks that AVX-512 instructions take; .NET makes mask registers of comparisons.</summary>
internal static unsafe class Lanes512
{
    // Every 128-bit part of the vector spreads the byte of the mask that governs its eight 16-bit lanes.
    private static Vector512<byte> Spread
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0UL, 0UL, 0x0101_0101_0101_0101UL, 0x0101_0101_0101_0101UL, 0x0202_0202_0202_0202UL, 0x0202_0202_0202_0202UL, 0x0303_0303_0303_0303UL, 0x0303_0303_0303_0303UL).AsByte();
    }

    private static Vector512<ushort> Bit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x0008_0004_0002_0001UL, 0x0080_0040_0020_0010UL, 0x0008_0004_0002_0001UL, 0x0080_0040_0020_0010UL,
            0x0008_0004_0002_0001UL, 0x0080_0040_0020_0010UL, 0x0008_0004_0002_0001UL, 0x0080_0040_0020_0010UL).AsUInt16();
    }

    /// <summary>All ones in each 16-bit lane whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Of32(uint mask)
    {
        Vector512<ushort> bytes = Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), Spread).AsUInt16();
        return Avx512BW.CompareNotEqual(bytes & Bit, Vector512<ushort>.Zero);
    }

    /// <summary>All ones in each 32-bit lane whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of16(uint mask)
    {
        Vector512<uint> bit = Vector512.Create(1u, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
        return Vector512.Equals(Vector512.Create(mask) & bit, bit);
    }

    /// <summary>The stored elements in the lanes whose bit is set, zeros elsewhere; 64 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Expand(byte* values, uint mask)
        => Avx512Vbmi2.Expand(Vector512<ushort>.Zero, Of32(mask), Vector512.Load((ushort*)values)).AsUInt32();

    /// <summary>The same; the stored elements are read and nothing else, which takes longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ExpandExactly(byte* values, uint mask)
        => Avx512Vbmi2.ExpandLoad((ushort*)values, Of32(mask), Vector512<ushort>.Zero).AsUInt32();

    /// <summary>The same for 16 elements in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandSingles(float* values, uint mask)
        => Avx512F.ExpandLoad((uint*)values, Of16(mask), Vector512<uint>.Zero).AsSingle();
}
