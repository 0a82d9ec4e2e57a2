namespace Rocket.Inference.Kernels;

/// <summary>For each of the 256 bytes of a mask, the byte shuffle that moves packed 16-bit values to the places of its set bits; 0x80 gives zero.</summary>
internal static unsafe class ExpansionTable
{
    /// <summary>Bytes of an entry, and of the values that a look-up reads.</summary>
    public const int Bytes = 16;

    /// <summary>Bytes of an entry of <see cref="Wide"/>.</summary>
    public const int WideBytes = 32;

    private static readonly byte[] Shuffles = Create();
    private static readonly byte[] WideShuffles = CreateWide();

    /// <summary>The table, <c>[256, 16]</c>.</summary>
    public static byte* Pointer { get; } = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(Shuffles, 0);

    /// <summary>The table for values in both halves of 32 bytes, moved to the upper half of 32-bit lanes, <c>[256, 32]</c>: BF16 to float32.</summary>
    public static byte* Wide { get; } = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(WideShuffles, 0);

    /// <summary>Copies the values that are left into <paramref name="scratch"/> where reading 16 bytes would pass the end.</summary>
    public static byte* Readable(byte* values, byte* end, byte* scratch)
    {
        if (end - values >= Bytes)
        {
            return values;
        }

        new ReadOnlySpan<byte>(values, (int)(end - values)).CopyTo(new Span<byte>(scratch, Bytes));
        return scratch;
    }

    private static byte[] CreateWide()
    {
        byte[] table = GC.AllocateArray<byte>(256 * WideBytes, pinned: true);
        for (int at = 0; at < 256 * Bytes; at += 2)
        {
            table[2 * at] = table[(2 * at) + 1] = 0x80;
            table[(2 * at) + 2] = Shuffles[at];
            table[(2 * at) + 3] = Shuffles[at + 1];
        }

        return table;
    }

    private static byte[] Create()
    {
        byte[] table = GC.AllocateArray<byte>(256 * Bytes, pinned: true);
        for (int mask = 0; mask < 256; mask++)
        {
            int next = 0;
            for (int bit = 0; bit < 8; bit++)
            {
                bool isStored = (mask >> bit & 1) != 0;
                int at = (mask * Bytes) + (2 * bit);
                table[at] = isStored ? (byte)next : (byte)0x80;
                table[at + 1] = isStored ? (byte)(next + 1) : (byte)0x80;
                next += isStored ? 2 : 0;
            }
        }

        return table;
    }
}
