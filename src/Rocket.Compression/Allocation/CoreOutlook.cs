namespace Rocket.Compression.Allocation;

/// <summary>What the columns that are still to come can do at best: the least excess that a state must yet take on to become a better selection.</summary>
/// <param name="LeastRise">The smallest excess of any deviation that adds weight.</param>
/// <param name="LeastFall">The smallest excess of any deviation that removes weight.</param>
/// <param name="RiseRate">The smallest excess for a unit of weight added, or of capacity left unused.</param>
/// <param name="FallRate">The smallest excess for a unit of weight removed.</param>
internal readonly record struct CoreOutlook(double LeastRise, double LeastFall, double RiseRate, double FallRate)
{
    // Doubles carry 53 bits and excesses less; a rate is lowered by far more than its rounding, so that no bound is too high.
    private const double Caution = 1 - 1e-12;

    /// <summary>The outlook from every column on; the last entry is that of the end. All in the columns' scaled excess.</summary>
    /// <param name="columns">The columns in search order.</param>
    /// <param name="unusedRate">The excess of a unit of capacity left unused.</param>
    public static CoreOutlook[] Of(CoreColumn[] columns, double unusedRate)
    {
        var outlook = new CoreOutlook[columns.Length + 1];
        outlook[^1] = new CoreOutlook(double.PositiveInfinity, double.PositiveInfinity, unusedRate * Caution, double.MaxValue);
        for (var i = columns.Length - 1; i >= 0; i--)
        {
            var next = outlook[i + 1];
            outlook[i] = new CoreOutlook(
                Math.Min(next.LeastRise, columns[i].LeastRise),
                Math.Min(next.LeastFall, columns[i].LeastFall),
                Math.Min(next.RiseRate, columns[i].RiseRate * Caution),
                Math.Min(next.FallRate, columns[i].FallRate * Caution));
        }

        return outlook;
    }

    /// <summary>The least total excess of a better selection that goes on from a state.</summary>
    /// <param name="excess">The state's excess.</param>
    /// <param name="slack">The capacity that it leaves; negative where it is over.</param>
    public double Bound(long excess, long slack) => slack >= 0
        ? excess + Math.Max(LeastRise, slack * RiseRate)
        : excess + Math.Max(LeastFall, -slack * FallRate);
}
