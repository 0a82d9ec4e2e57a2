using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>Bits of a mask as the lane masks that AVX-512 instructions take; .NET makes mask registers of comparisons.</summary>
internal static class Lanes512
{
    // Every 128-bit part of the vector spreads the byte of the mask that governs its eight 16-bit lanes.
    private static Vector512<byte> Spread => Vector512.Create(
        Vector256.Create(Vector128.Create((byte)0), Vector128.Create((byte)1)),
        Vector256.Create(Vector128.Create((byte)2), Vector128.Create((byte)3)));

    private static Vector512<ushort> Bit
        => Vector512.Create(Vector256.Create(Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128)));

    /// <summary>All ones in each 16-bit lane whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Of32(uint mask)
    {
        Vector512<ushort> bytes = Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), Spread).AsUInt16();
        return Vector512.Equals(bytes & Bit, Bit);
    }

    /// <summary>All ones in each 32-bit lane whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of16(uint mask)
    {
        Vector512<uint> bit = Vector512.Create(1u, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
        return Vector512.Equals(Vector512.Create(mask) & bit, bit);
    }
}
