using System.Runtime.InteropServices;
using Rocket.Models.Factors;
using Rocket.Pipeline.Artifacts.CompressedTensors;

namespace Rocket.Pipeline.Tests.Artifacts.CompressedTensors;

public sealed class PackedModuleTests
{
    // The example in the documentation of pack_to_int32: [1, 2] of 8 bits are 129 and 130 without a sign, and packed 33409.
    [Fact]
    public void Zero_points_of_8_bits_fill_a_word_from_its_lowest_byte_on()
        => Assert.Equal([33409], Words([129, 130, 0, 0], groups: 1, bits: 8));

    [Fact]
    public void Zero_points_of_4_bits_of_eight_rows_make_a_word()
        => Assert.Equal([unchecked((int)0x87654321)], Words([1, 2, 3, 4, 5, 6, 7, 8], groups: 1, bits: 4));

    [Fact]
    public void Words_stand_row_by_row_and_hold_one_group_each()
    {
        byte[] zeros = [10, 20, 11, 21, 12, 22, 13, 23, 30, 40, 31, 41, 32, 42, 33, 43];
        Assert.Equal([0x0d0c0b0a, 0x17161514, 0x21201f1e, 0x2b2a2928], Words(zeros, groups: 2, bits: 8));
    }

    [Theory]
    [InlineData(64, 8, 4, 32, true)]
    [InlineData(64, 4, 8, 64, true)]
    [InlineData(64, 8, 6, 32, false)]
    [InlineData(64, 8, 5, 32, false)]
    [InlineData(64, 8, 3, 32, false)]
    [InlineData(48, 8, 4, 32, false)]
    [InlineData(64, 12, 4, 32, false)]
    [InlineData(64, 12, 8, 32, true)]
    public void Only_4_and_8_bits_in_whole_groups_and_whole_words_of_zero_points_fit(int dIn, int dOut, int bits, int group, bool fits)
        => Assert.Equal(fits, PackedModule.Fits(dIn, dOut, new Quantization(bits, group)));

    private static int[] Words(byte[] zeros, int groups, int bits) => MemoryMarshal.Cast<byte, int>(PackedModule.PackZeros(zeros, groups, bits)).ToArray();
}
