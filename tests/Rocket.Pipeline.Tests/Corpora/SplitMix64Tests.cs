using CsCheck;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class SplitMix64Tests
{
    [Fact]
    public void The_sequence_is_the_published_one()
    {
        SplitMix64 random = new(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void A_bounded_number_is_below_its_bound() =>
        Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue]).Sample((seed, bound) => new SplitMix64(seed).Next(bound) < bound);

    [Fact]
    public void Every_number_below_the_bound_is_as_probable()
    {
        SplitMix64 random = new(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }
}
