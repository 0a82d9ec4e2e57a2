using System.Collections.Immutable;
using CsCheck;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class SampleSharesTests
{
    private static readonly Gen<ImmutableArray<decimal>> Weights = Gen.Int[1, 1_000_000].Select(n => n / 1000m).Array[1, 9].Select(weights => weights.ToImmutableArray());

    [Fact]
    public void Parts_are_proportional() => Assert.Equal([64, 32], SampleShares.Divide(96, [2, 1]));

    [Fact]
    public void What_is_left_goes_to_the_largest_fractions_and_first_to_the_earlier()
    {
        Assert.Equal([4, 3, 3], SampleShares.Divide(10, [1, 1, 1]));
        Assert.Equal([0, 1, 2], SampleShares.Divide(3, [0.1m, 1, 2]));
    }

    [Fact]
    public void Together_they_are_the_whole_and_each_is_within_one_of_its_quota()
        => Gen.Select(Gen.Int[0, 5000], Weights).Sample((samples, weights) =>
        {
            ImmutableArray<int> shares = SampleShares.Divide(samples, weights);
            Assert.Equal(samples, shares.Sum());
            Assert.All(shares.Zip(weights), x => Assert.True(Math.Abs(x.First - (samples * x.Second / weights.Sum())) < 1));
        });
}
