namespace Rocket.Compression.Allocation;

/// <summary>How costs become 64-bit integers: multiplied once and rounded, so that all later sums and comparisons are exact.</summary>
/// <param name="UnitsPerCost">Integer units of a cost of 1.</param>
internal readonly record struct CostScale(double UnitsPerCost)
{
    private const int MostDecimals = 9;
    private static readonly double LargestTotal = Math.ScaleB(1, 60);

    /// <summary>The smallest power of ten that represents every cost exactly, or the largest power of two whose totals stay below 2^60.</summary>
    /// <param name="groups">Groups with finite costs.</param>
    /// <param name="largest">The largest magnitude of every group's costs; overwritten.</param>
    public static CostScale For(IReadOnlyList<KnapsackGroup> groups, double[] largest)
    {
        var total = LargestPossibleTotal(groups, largest);
        var units = 1.0;
        for (var decimals = 0; decimals <= MostDecimals && total * units < LargestTotal; decimals++, units *= 10)
        {
            if (IsExact(groups, units))
            {
                return new CostScale(units);
            }
        }

        // 2^1000 is more than any double cost needs, and stays finite itself.
        return new CostScale(Math.ScaleB(1, Math.Min(59 - Math.ILogB(total), 1000)));
    }

    /// <summary>As the other, of options that were found valid.</summary>
    public static CostScale For(IReadOnlyList<KnapsackGroup> groups) => For(groups, [.. groups.Select(g => g.Options.Max(o => Math.Abs(o.Cost)))]);

    /// <summary>The cost in units, to the nearest.</summary>
    public long Round(double cost) => (long)Math.Round(cost * UnitsPerCost);

    /// <summary>The cost in units, never less than it is.</summary>
    public long RoundUp(double cost)
    {
        var nearest = Math.Round(cost * UnitsPerCost);
        return (long)(nearest / UnitsPerCost >= cost ? nearest : Math.Ceiling(cost * UnitsPerCost));
    }

    /// <summary>The limit in units, never more than it is; limits beyond all totals are clamped.</summary>
    public long RoundDown(double limit)
    {
        var clamped = Math.Clamp(limit * UnitsPerCost, -2 * LargestTotal, 2 * LargestTotal);
        var nearest = Math.Round(clamped);
        return (long)(nearest / UnitsPerCost <= limit ? nearest : Math.Floor(clamped));
    }

    /// <summary>Units as a cost.</summary>
    public double ToCost(double units) => units / UnitsPerCost;

    private static double LargestPossibleTotal(IReadOnlyList<KnapsackGroup> groups, double[] largest)
    {
        for (var g = 0; g < largest.Length; g++)
        {
            largest[g] *= groups[g].Count;
        }

        // Sorted, the floating-point sum does not depend on the order of the groups.
        Array.Sort(largest);
        return largest.Sum();
    }

    private static bool IsExact(IReadOnlyList<KnapsackGroup> groups, double units)
    {
        foreach (var group in groups)
        {
            foreach (var option in group.Options.AsSpan())
            {
                if (Math.Round(option.Cost * units) / units != option.Cost)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
