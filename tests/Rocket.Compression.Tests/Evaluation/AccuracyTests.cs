using Rocket.Compression.Evaluation;

namespace Rocket.Compression.Tests.Evaluation;

public sealed class AccuracyTests
{
    // Published values of Wilson's interval: Newcombe (1998), table I.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_Wilsons(int correct, int items, double low, double high)
    {
        var accuracy = new Accuracy(correct, items);
        Assert.Equal(low, accuracy.Low, 5e-5);
        Assert.Equal(high, accuracy.High, 5e-5);
        Assert.Equal((double)correct / items, accuracy.Share);
    }

    [Fact]
    public void All_right_ends_at_one() => Assert.Equal((1.0, 0.8389), (new Accuracy(20, 20).High, Math.Round(new Accuracy(20, 20).Low, 4)));

    [Fact]
    public void A_difference_is_paired_item_by_item()
    {
        bool[] mine = [true, true, false, false, true, false, true, true];
        bool[] others = [true, false, true, false, true, true, true, true];
        var difference = AccuracyDifference.Of(mine, others);
        Assert.Equal(new AccuracyDifference(8, Gained: 1, Lost: 2), difference);
        Assert.Equal(-0.125, difference.Mean);

        // The standard error is that of the mean of (0, 1, -1, 0, 0, -1, 0, 0).
        double error = Math.Sqrt(((3.0 / 8) - (0.125 * 0.125)) / 8);
        Assert.Equal(-0.125 - (1.959963984540054 * error), difference.Low, 12);
        Assert.Equal(-0.125 + (1.959963984540054 * error), difference.High, 12);
    }

    [Fact]
    public void Models_that_agree_on_every_item_differ_by_nothing()
    {
        var none = AccuracyDifference.Of([true, false], [true, false]);
        Assert.Equal((0, 0, 0), (none.Mean, none.Low, none.High));
    }
}
