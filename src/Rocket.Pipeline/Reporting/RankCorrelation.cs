namespace Rocket.Pipeline.Reporting;

/// <summary>Spearman's rank correlation.</summary>
public static class RankCorrelation
{
    /// <summary>The correlation of the ranks of two series; equal values share the mean of their ranks.</summary>
    /// <returns>From -1 to 1; null for fewer than three pairs or a series without differences.</returns>
    public static double? Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Count, second.Count);
        if (first.Count < 3)
        {
            return null;
        }

        double[] a = Ranks(first);
        double[] b = Ranks(second);
        double mean = (first.Count - 1) / 2.0;
        double products = a.Zip(b, (x, y) => (x - mean) * (y - mean)).Sum();
        double squares = a.Sum(x => (x - mean) * (x - mean)) * b.Sum(y => (y - mean) * (y - mean));
        return squares > 0 ? products / Math.Sqrt(squares) : null;
    }

    private static double[] Ranks(IReadOnlyList<double> values)
        => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
