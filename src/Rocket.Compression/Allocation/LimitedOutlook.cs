namespace Rocket.Compression.Allocation;

/// <summary>What the columns that are still to come can do at best about the limits.</summary>
/// <param name="FallRates">The smallest excess for a unit of every amount removed.</param>
/// <param name="RiseRates">The smallest excess for a unit added, or left unused at its price.</param>
internal sealed record LimitedOutlook(double[] FallRates, double[] RiseRates)
{
    // Rates are lowered by far more than their rounding, so that no bound is too high.
    private const double Caution = 1 - 1e-9;

    /// <summary>The outlook from every column on; the last entry is that of the end.</summary>
    public static LimitedOutlook[] Of(LimitedColumn[] columns, double[] prices)
    {
        var outlook = new LimitedOutlook[columns.Length + 1];
        outlook[^1] = new LimitedOutlook([.. prices.Select(_ => double.PositiveInfinity)], [.. prices.Select(p => p * Caution)]);
        for (var c = columns.Length - 1; c >= 0; c--)
        {
            var (fall, rise) = ((double[])outlook[c + 1].FallRates.Clone(), (double[])outlook[c + 1].RiseRates.Clone());
            foreach (var deviation in columns[c].Deviations)
            {
                for (var k = 0; k < prices.Length; k++)
                {
                    var rate = deviation.Excess / Math.Abs((double)deviation.Amounts[k]) * Caution;
                    if (deviation.Amounts[k] < 0)
                    {
                        fall[k] = Math.Min(fall[k], rate);
                    }
                    else if (deviation.Amounts[k] > 0)
                    {
                        rise[k] = Math.Min(rise[k], rate);
                    }
                }
            }

            outlook[c] = new LimitedOutlook(fall, rise);
        }

        return outlook;
    }

    /// <summary>The least total excess of a selection within the limits that goes on from a state.</summary>
    /// <param name="excess">The state's excess.</param>
    /// <param name="room">What the base leaves of every limit.</param>
    /// <param name="amounts">What the state adds to the base.</param>
    public double Bound(double excess, long[] room, long[] amounts)
    {
        var more = 0.0;
        for (var k = 0; k < room.Length; k++)
        {
            double slack = room[k] - amounts[k];
            more = slack == 0 ? more : Math.Max(more, slack > 0 ? slack * RiseRates[k] : -slack * FallRates[k]);
        }

        return excess + more;
    }
}
