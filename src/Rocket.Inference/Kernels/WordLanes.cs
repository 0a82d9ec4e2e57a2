using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>
/// What brings the bits of two words of a mask to 32 lanes of 16 bits each. From here and not from literals, since .NET keeps in registers what it cannot know, and loads literals at
/// every step: two threads that share a core are then bound by loads.
/// </summary>
internal static unsafe class WordLanes
{
    private const int Bytes = 64;

    // Lives as long as the process; aligned to its entries.
    private static readonly nint Table = Create();

    /// <summary>For each byte of 32 lanes of the first word: with VBMI the bit from which on it takes eight, so that the lane's own becomes its sign; else the byte that has the lane's bit.</summary>
    public static byte* OfFirst => (byte*)Table;

    /// <summary>The same of the second word.</summary>
    public static byte* OfSecond => (byte*)Table + Bytes;

    /// <summary>Without VBMI, each lane's bit of that byte.</summary>
    public static ushort* Bits => (ushort*)(Table + (2 * Bytes));

    private static nint Create()
    {
        const int Bit = 8;
        const int Word = 8 * sizeof(uint);
        var table = (byte*)NativeMemory.AlignedAlloc(3 * Bytes, Bytes);
        var bits = (ushort*)(table + (2 * Bytes));
        for (int i = 0; i < Bytes; i++)
        {
            int lane = i / sizeof(ushort);
            table[i] = (byte)(Avx512Vbmi.IsSupported ? (lane - Bit + 1 + (2 * Word)) % (2 * Word) : lane / Bit);
            table[Bytes + i] = (byte)(Avx512Vbmi.IsSupported ? lane - Bit + 1 + Word : sizeof(uint) + (lane / Bit));
            bits[lane] = (ushort)(1 << (lane % Bit));
        }

        return (nint)table;
    }
}
