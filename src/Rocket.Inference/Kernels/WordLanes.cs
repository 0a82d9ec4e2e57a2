using System.Runtime.InteropServices;

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

    /// <summary>For each byte of 32 lanes, the byte of the first word that has its lane's bit.</summary>
    public static byte* BytesOfFirst => (byte*)Table;

    /// <summary>The same of the second word.</summary>
    public static byte* BytesOfSecond => (byte*)Table + Bytes;

    /// <summary>Each lane's bit of that byte.</summary>
    public static ushort* Bits => (ushort*)(Table + (2 * Bytes));

    private static nint Create()
    {
        var table = (byte*)NativeMemory.AlignedAlloc(3 * Bytes, Bytes);
        var bits = (ushort*)(table + (2 * Bytes));
        for (int i = 0; i < Bytes; i++)
        {
            int lane = i / sizeof(ushort);
            table[i] = (byte)(lane / 8);
            table[Bytes + i] = (byte)(sizeof(uint) + (lane / 8));
            bits[lane] = (ushort)(1 << (lane % 8));
        }

        return (nint)table;
    }
}
