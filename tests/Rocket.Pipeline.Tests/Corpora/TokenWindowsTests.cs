using CsCheck;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class TokenWindowsTests
{
    [Fact]
    public void Evaluation_windows_are_spread_evenly()
    {
        Assert.Equal([0, 30, 60], TokenWindows.ForEvaluation(tokens: 109, length: 10, count: 3));
        Assert.Equal([0, 10, 20, 30], TokenWindows.ForEvaluation(tokens: 40, length: 10, count: 4));
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(9, 5)]
    [InlineData(10, 5)]
    [InlineData(1000, 2)]
    public void Rolling_windows_predict_every_token_but_the_first_once(int tokens, int length)
    {
        IReadOnlyList<int[]> windows = TokenWindows.Rolling([.. Enumerable.Range(0, tokens)], length);
        Assert.Equal(Enumerable.Range(1, tokens - 1), windows.SelectMany(window => window.Skip(1)));
        Assert.All(windows, window => Assert.InRange(window.Length, 2, length));
    }

    [Fact]
    public void A_corpus_of_two_thousand_million_tokens_does_not_overflow()
    {
        int last = TokenWindows.ForEvaluation(int.MaxValue, 512, 1 << 20)[^1];
        Assert.Equal((int)(((1L << 20) - 1) * (int.MaxValue / 512) / (1 << 20)) * 512, last);
    }

    [Theory]
    [InlineData(20, 5, 0, new[] { 2, 5, 9, 17, 19 })]
    [InlineData(20, 5, 2023, new[] { 2, 3, 7, 11, 13 })]
    [InlineData(1000, 6, 0, new[] { 28, 109, 330, 432, 883, 970 })]
    public void A_seed_draws_the_same_windows_everywhere(int available, int count, long seed, int[] expected) =>
        Assert.Equal(expected.Select(window => window * 8), TokenWindows.ForCalibration((available * 8) + 3, 8, count, seed));

    [Fact]
    public void Calibration_windows_are_distinct_ascending_and_inside() =>
        Gen.Select(Gen.Int[1, 2000], Gen.Int[1, 30], Gen.Long[0, long.MaxValue]).SelectMany(t => Gen.Int[1, t.Item1].Select(count => (t.Item1, t.Item2, count, t.Item3)))
            .Sample((available, length, count, seed) =>
            {
                int[] starts = [.. TokenWindows.ForCalibration((available * length) + length - 1, length, count, seed)];
                return starts.Length == count
                    && starts.SequenceEqual(starts.Distinct().Order())
                    && starts.All(start => start >= 0 && start % length == 0 && start / length < available);
            });

    [Fact]
    public void All_windows_may_be_drawn() =>
        Assert.Equal(Enumerable.Range(0, 9).Select(window => window * 4), TokenWindows.ForCalibration(36, 4, 9, 5));

    [Fact]
    public void Windows_are_cut_where_they_begin() =>
        Assert.Equal([[0, 1, 2], [6, 7, 8]], TokenWindows.Cut([.. Enumerable.Range(0, 10)], [0, 6], 3));
}
