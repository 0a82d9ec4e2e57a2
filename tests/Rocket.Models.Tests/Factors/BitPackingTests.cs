using CsCheck;
using Rocket.Models.Factors;

namespace Rocket.Models.Tests.Factors;

public sealed class BitPackingTests
{
    private static readonly Gen<(int Bits, byte[] Elements)> Streams =
        from bits in Gen.Int[1, 8]
        from elements in Gen.Byte[0, (byte)((1 << bits) - 1)].Array[0, 300]
        select (bits, elements);

    [Fact]
    public void Unpacking_gives_back_what_was_packed_from_any_element_on() => Gen.Select(Streams, Gen.Int[0, 299], Gen.Int[0, 300]).Sample((stream, from, count) =>
    {
        byte[] packed = BitPacking.Pack(stream.Elements, stream.Bits);
        Assert.Equal(BitPacking.LengthOf(stream.Elements.Length, stream.Bits), packed.Length);
        int first = Math.Min(from, stream.Elements.Length);
        byte[] elements = new byte[Math.Min(count, stream.Elements.Length - first)];
        BitPacking.Unpack(packed, first, stream.Bits, elements);
        Assert.Equal(stream.Elements[first..(first + elements.Length)], elements);
        Assert.Equal(BitPacking.Pack(elements, stream.Bits), BitPacking.Slice(packed, first, elements.Length, stream.Bits).ToArray());
    });

    [Fact]
    public void The_first_element_has_the_lowest_bits_and_none_is_padded()
        => Assert.Equal([0b10_001_111, 0b0_100_000_0], BitPacking.Pack([7, 1, 2, 0, 4], 3));

    [Fact]
    public void An_element_of_more_bits_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => BitPacking.Pack([8], 3));

    [Fact]
    public void Elements_beyond_the_stream_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => BitPacking.Unpack(new byte[3], 0, 5, new byte[5]));
}
