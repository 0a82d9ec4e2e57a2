using Rocket.Pipeline.Reporting;

namespace Rocket.Pipeline.Tests.Reporting;

public sealed class RankCorrelationTests
{
    [Fact]
    public void Order_alone_counts() => Assert.Equal((1, -1), (RankCorrelation.Of([1, 2, 3, 100], [5, 6, 700, 800]), RankCorrelation.Of([1, 2, 3], [9, 8, 7])));

    [Fact]
    public void Equal_values_share_their_rank() => Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), RankCorrelation.Of([1, 2, 2, 3], [1, 2, 3, 4])!.Value, 1e-12);

    [Fact]
    public void Too_few_or_equal_values_have_none()
    {
        Assert.Null(RankCorrelation.Of([1, 2], [1, 2]));
        Assert.Null(RankCorrelation.Of([1, 1, 1], [1, 2, 3]));
    }
}
