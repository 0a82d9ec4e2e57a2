namespace Rocket.Benchmarks;

/// <summary>What is told of repeated measurements.</summary>
internal static class Statistics
{
    /// <summary>The middle value.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
