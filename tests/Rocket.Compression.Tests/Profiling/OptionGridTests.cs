using CsCheck;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;

namespace Rocket.Compression.Tests.Profiling;

public sealed class OptionGridTests
{
    private static readonly Gen<(int DIn, int DOut)> Sizes = Gen.Select(Gen.Int[1, 20_000], Gen.Int[1, 20_000]);

    [Theory]
    [InlineData(64)]
    [InlineData(576)]
    [InlineData(4096)]
    public void A_square_linear_has_all_294_options(int size) => Assert.Equal(294, OptionGrid.Paper.DictionariesOf(size, size).Count());

    [Theory]
    [InlineData(576, 1536)]
    [InlineData(1536, 576)]
    [InlineData(576, 192)]
    [InlineData(8, 8)]
    public void Another_linear_has_only_those_that_exist(int dIn, int dOut)
    {
        DictionaryOption[] options = [.. OptionGrid.Paper.DictionariesOf(dIn, dOut)];
        Assert.InRange(options.Length, 1, 294);
        int expected = 0;
        for (int ratio = 5; ratio <= 70; ratio += 5)
        {
            for (int rho = 10; rho <= 30; rho++)
            {
                // Integers times 1000: k = floor((1 - ratio) d_in d_out rho / (d_in rho + d_out)).
                long k = (100L - ratio) * dIn * dOut * rho / (100L * ((dIn * (long)rho) + (10L * dOut)));
                long s = k * 10 / rho;
                if (k >= 1 && s >= 1 && k <= Math.Min(dIn, dOut))
                {
                    Assert.Equal((k, s), (options[expected].K, options[expected].S));
                    expected++;
                }
            }
        }

        Assert.Equal(expected, options.Length);
    }

    [Fact]
    public void A_linear_of_one_parameter_has_none() => Assert.Empty(OptionGrid.Paper.DictionariesOf(1, 1));

    [Fact]
    public void No_option_weighs_more_than_its_ratio_leaves() => Sizes.Sample(
        size =>
        {
            foreach (DictionaryOption option in OptionGrid.Paper.DictionariesOf(size.DIn, size.DOut))
            {
                Assert.InRange(option.K, 1, Math.Min(size.DIn, size.DOut));
                Assert.InRange(option.S, 1, option.K);
                Assert.True(option.Parameters(size.DIn, size.DOut) <= (1 - (decimal)option.Ratio) * size.DIn * size.DOut);
            }
        },
        iter: 200,
        threads: 1);

    [Fact]
    public void A_range_ends_where_it_should()
    {
        Assert.Equal(14, OptionGrid.Paper.Ratios.Length);
        Assert.Equal(21, OptionGrid.Paper.Rhos.Length);
        Assert.Equal(0.70m, OptionGrid.Paper.Ratios[^1]);
        Assert.Equal([1m], OptionGrid.Range(1, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => OptionGrid.Range(0, 1, 0));
    }
}
