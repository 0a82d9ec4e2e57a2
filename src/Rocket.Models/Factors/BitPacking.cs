using System.Buffers.Binary;

namespace Rocket.Models.Factors;

/// <summary>Integers of a few bits in one stream of bits, without padding between them: element i has the bits from i times the width on, the least significant first.</summary>
public static class BitPacking
{
    /// <summary>Bytes that <paramref name="count"/> elements take; bits behind the last one are zero.</summary>
    public static long LengthOf(long count, int bits) => ((count * bits) + 7) / 8;

    /// <summary>Packs elements.</summary>
    /// <param name="elements">The elements, each below 2^bits.</param>
    /// <param name="bits">Bits of an element, 1 to 8.</param>
    public static byte[] Pack(ReadOnlySpan<byte> elements, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        byte[] packed = new byte[LengthOf(elements.Length, bits)];
        uint pending = 0;
        int held = 0;
        int next = 0;
        foreach (byte element in elements)
        {
            if (element >> bits != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(elements), element, $"It has more than {bits} bits.");
            }

            pending |= (uint)element << held;
            held += bits;
            if (held >= 8)
            {
                packed[next++] = (byte)pending;
                pending >>= 8;
                held -= 8;
            }
        }

        if (held > 0)
        {
            packed[next] = (byte)pending;
        }

        return packed;
    }

    /// <summary>Unpacks elements.</summary>
    /// <param name="packed">The stream.</param>
    /// <param name="first">Index of the first element to unpack.</param>
    /// <param name="bits">Bits of an element, 1 to 8.</param>
    /// <param name="elements">Takes as many as it has room for.</param>
    public static void Unpack(ReadOnlySpan<byte> packed, long first, int bits, Span<byte> elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (elements.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(LengthOf(first + elements.Length, bits), packed.Length);
        int mask = (1 << bits) - 1;
        long bit = first * bits;
        foreach (ref byte element in elements)
        {
            int at = (int)(bit >> 3);
            int pair = at + 1 < packed.Length ? BinaryPrimitives.ReadUInt16LittleEndian(packed[at..]) : packed[at];
            element = (byte)((pair >> (int)(bit & 7)) & mask);
            bit += bits;
        }
    }

    /// <summary>A part of a stream as a stream of its own: the same bytes where it begins and ends with whole ones, else a copy.</summary>
    /// <param name="packed">The stream.</param>
    /// <param name="first">Index of the first element.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="bits">Bits of an element, 1 to 8.</param>
    public static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> packed, long first, int count, int bits)
    {
        if (first * bits % 8 == 0 && (long)count * bits % 8 == 0)
        {
            return packed.Slice((int)(first * bits / 8), (int)LengthOf(count, bits));
        }

        byte[] elements = new byte[count];
        Unpack(packed.Span, first, bits, elements);
        return Pack(elements, bits);
    }
}
