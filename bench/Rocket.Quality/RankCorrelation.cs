namespace Rocket.Quality;

/// <summary>Spearman's rank correlation.</summary>
internal static class RankCorrelation
{
    /// <summary>Pearson's correlation of the ranks; equal values share their mean rank. NaN where one side is constant.</summary>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] a = Ranks(x);
        double[] b = Ranks(y);
        double mean = (a.Length - 1) / 2.0;
        double product = a.Zip(b, (p, q) => (p - mean) * (q - mean)).Sum();
        return product / Math.Sqrt(a.Sum(p => (p - mean) * (p - mean)) * b.Sum(q => (q - mean) * (q - mean)));
    }

    private static double[] Ranks(IReadOnlyList<double> values)
        => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
