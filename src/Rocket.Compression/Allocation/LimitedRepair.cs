namespace Rocket.Compression.Allocation;

/// <summary>Brings the choice under the best prices within the limits, one change after the other.</summary>
internal static class LimitedRepair
{
    /// <summary>Takes the change that costs least for what it mends, until nothing is over its limit; null where no single change mends anything.</summary>
    public static int[]? Mend(LimitedProblem problem, LimitedDual dual)
    {
        var choice = (int[])dual.Base.Clone();
        long[] over = [.. problem.Most.Select((most, k) => choice.Select((o, g) => problem.Amounts[g][k][o]).Sum() - most)];
        var units = Enumerable.Range(0, over.Length).Select(k => 1 / Math.Max(1, problem.Amounts.Sum(a => (double)a[k].Max() - a[k].Min()))).ToArray();
        while (over.Any(o => o > 0))
        {
            var (best, group, option) = (double.PositiveInfinity, -1, -1);
            for (var g = 0; g < choice.Length; g++)
            {
                var now = LimitedDual.Priced(problem, dual.Prices, g, choice[g]);
                for (var o = 0; o < problem.Costs[g].Length; o++)
                {
                    var mended = 0.0;
                    foreach (var k in problem.Counts[g])
                    {
                        mended += units[k] * (Math.Max(0, over[k]) - Math.Max(0, over[k] + problem.Amounts[g][k][o] - problem.Amounts[g][k][choice[g]]));
                    }

                    if (mended > 0 && Math.Max(0, LimitedDual.Priced(problem, dual.Prices, g, o) - now) / mended is var rate && rate < best)
                    {
                        (best, group, option) = (rate, g, o);
                    }
                }
            }

            if (group < 0)
            {
                return null;
            }

            for (var k = 0; k < over.Length; k++)
            {
                over[k] += problem.Amounts[group][k][option] - problem.Amounts[group][k][choice[group]];
            }

            choice[group] = option;
        }

        return choice;
    }
}
