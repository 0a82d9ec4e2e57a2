namespace Rocket.Compression.Evaluation;

/// <summary>A share of right answers, with its 95 % interval after Wilson (1927).</summary>
/// <param name="Correct">Right answers.</param>
/// <param name="Items">All answers, at least 1.</param>
public sealed record Accuracy(int Correct, int Items)
{
    /// <summary>The 0.975 quantile of the normal distribution.</summary>
    internal const double Quantile = 1.959963984540054;

    /// <summary>Correct over items.</summary>
    public double Share => (double)Correct / Items;

    /// <summary>Lower end of the interval.</summary>
    public double Low => Math.Max(0, Centre - HalfWidth);

    /// <summary>Upper end of the interval.</summary>
    public double High => Math.Min(1, Centre + HalfWidth);

    // (p + z^2 / 2n  -+  z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
    private double Denominator => 1 + (Quantile * Quantile / Items);

    private double Centre => (Share + (Quantile * Quantile / (2.0 * Items))) / Denominator;

    private double HalfWidth
        => Quantile * Math.Sqrt((Share * (1 - Share) / Items) + (Quantile * Quantile / (4.0 * Items * Items))) / Denominator;
}
