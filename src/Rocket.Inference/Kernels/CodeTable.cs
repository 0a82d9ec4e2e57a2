using System.Runtime.InteropServices;

namespace Rocket.Inference.Kernels;

/// <summary>How codes that lie in 16 bytes come to lanes of 32 bits, for every width of a code and every bit of a byte at which the first one begins.</summary>
internal static unsafe class CodeTable
{
    /// <summary>Bytes that a look-up reads: sixteen codes of up to 7 bits from any bit on, or of 8 from a byte's first.</summary>
    public const int Bytes = 16;

    /// <summary>Bytes of an entry: a byte shuffle that brings the two bytes around each of 16 codes to its lane, then the shifts to the right.</summary>
    public const int EntryBytes = 2 * ShuffleBytes;

    /// <summary>Bytes of an entry's shuffle.</summary>
    public const int ShuffleBytes = Lanes * sizeof(uint);

    /// <summary>Codes that <see cref="OfWords"/> takes at a time.</summary>
    public const int WordCodes = 4 * Lanes;

    /// <summary>The widest code of which two neighbours lie in two bytes where every run of 64 begins with a byte.</summary>
    public const int MostWordBits = 6;

    // The permutation of a width, and the bits for each of the eight at which the first code may begin.
    private const int BytewiseEntry = 9 * ShuffleBytes;

    private const int Lanes = 16;
    private const int Widths = 8;
    private const byte Nothing = 0x80;

    // Lives as long as the process; aligned, so that no entry's vector lies across two cache lines.
    private static readonly nint Table = Create();
    private static readonly nint Words = CreateWords();
    private static readonly nint Bytewise = CreateBytewise();

    /// <summary>The entries of a width, for the first code at bit 0 to 7.</summary>
    public static byte* Of(int bits) => (byte*)Table + ((bits - 1) * 8 * EntryBytes);

    /// <summary>
    /// How 64 codes of a width that begin with a byte come to the four bytes of 16 lanes: byte j of lane i gets code 16 j + i. A byte permutation brings two neighbours to
    /// two bytes of the lanes' 64 bits, then 8 bits from a bit of those 64 on become each byte; what is more than the code's bits belongs to its neighbours.
    /// </summary>
    public static byte* OfWords(int bits) => (byte*)Words + ((bits - 1) * EntryBytes);

    /// <summary>
    /// How 64 codes of a width come to 64 bytes in their order: a byte permutation that brings eight codes to the 64 bits of a lane, then, for the first code at bit 0 to 7,
    /// from which of those bits on 8 become each byte; what is more than the code's bits belongs to its neighbours.
    /// </summary>
    public static byte* OfBytes(int bits) => (byte*)Bytewise + ((bits - 1) * BytewiseEntry);

    /// <summary>Copies the bytes that are left into <paramref name="scratch"/> where reading 16 would pass the end.</summary>
    public static byte* Readable(byte* codes, byte* end, byte* scratch)
    {
        nint left = (nint)(end - codes);
        if (left >= Bytes)
        {
            return codes;
        }

        var target = new Span<byte>(scratch, Bytes);
        target.Clear();
        new ReadOnlySpan<byte>(codes, (int)Math.Max(left, 0)).CopyTo(target);
        return scratch;
    }

    private static nint Create()
    {
        var table = (byte*)NativeMemory.AlignedAlloc(Widths * 8 * EntryBytes, ShuffleBytes);
        for (int bits = 1; bits <= Widths; bits++)
        {
            for (int first = 0; first < 8; first++)
            {
                byte* entry = table + ((((bits - 1) * 8) + first) * EntryBytes);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    int bit = first + (lane * bits);
                    byte* shuffle = entry + (lane * sizeof(uint));
                    shuffle[0] = IndexOf(bit >> 3);
                    shuffle[1] = IndexOf((bit >> 3) + 1);
                    shuffle[2] = shuffle[3] = Nothing;
                    ((uint*)(entry + ShuffleBytes))[lane] = (uint)(bit & 7);
                }
            }
        }

        return (nint)table;
    }

    private static nint CreateWords()
    {
        var table = (byte*)NativeMemory.AlignedAlloc(MostWordBits * EntryBytes, ShuffleBytes);
        for (int bits = 1; bits <= MostWordBits; bits++)
        {
            byte* entry = table + ((bits - 1) * EntryBytes);
            for (int lane = 0; lane < Lanes; lane += 2)
            {
                for (int j = 0; j < sizeof(uint); j++)
                {
                    int bit = ((Lanes * j) + lane) * bits;
                    byte* pair = entry + (lane * sizeof(uint)) + (2 * j);
                    pair[0] = (byte)(bit >> 3);
                    pair[1] = (byte)((bit >> 3) + 1);
                    int place = (2 * 8 * j) + (bit & 7);
                    entry[ShuffleBytes + (lane * sizeof(uint)) + j] = (byte)place;
                    entry[ShuffleBytes + ((lane + 1) * sizeof(uint)) + j] = (byte)(place + bits);
                }
            }
        }

        return (nint)table;
    }

    private static nint CreateBytewise()
    {
        var table = (byte*)NativeMemory.AlignedAlloc(Widths * BytewiseEntry, ShuffleBytes);
        for (int bits = 1; bits <= Widths; bits++)
        {
            byte* entry = table + ((bits - 1) * BytewiseEntry);
            for (int i = 0; i < ShuffleBytes; i++)
            {
                entry[i] = (byte)((i / 8 * bits) + (i % 8));
                for (int first = 0; first < 8; first++)
                {
                    entry[((first + 1) * ShuffleBytes) + i] = (byte)(first + (i % 8 * bits));
                }
            }
        }

        return (nint)table;
    }

    private static byte IndexOf(int at) => at < Bytes ? (byte)at : Nothing;
}
