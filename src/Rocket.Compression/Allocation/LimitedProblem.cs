namespace Rocket.Compression.Allocation;

/// <summary>What is minimised and what is limited, in integers.</summary>
internal sealed class LimitedProblem
{
    /// <summary>Puts the amounts beside the costs.</summary>
    /// <param name="costs">What every option of every group costs.</param>
    /// <param name="limits">The limits, that of the capacity among them.</param>
    public LimitedProblem(long[][] costs, KnapsackLimit[] limits)
    {
        Costs = costs;
        Most = [.. limits.Select(limit => limit.Most)];
        Amounts = [.. costs.Select((options, g) => limits.Select(limit => limit.Amounts[g].IsEmpty ? new long[options.Length] : [.. limit.Amounts[g]]).ToArray())];
        Counts = [.. costs.Select((_, g) => Enumerable.Range(0, limits.Length).Where(k => !limits[k].Amounts[g].IsEmpty).ToArray())];
    }

    /// <summary>Costs by group and option.</summary>
    public long[][] Costs { get; }

    /// <summary>Amounts by group, limit and option.</summary>
    public long[][][] Amounts { get; }

    /// <summary>The limits that a group counts for.</summary>
    public int[][] Counts { get; }

    /// <summary>The limits.</summary>
    public long[] Most { get; }

    /// <summary>What a choice costs.</summary>
    public long CostOf(int[] choice) => choice.Select((o, g) => Costs[g][o]).Sum();

    /// <summary>The sum over the groups of the largest value that a selection of their options gives.</summary>
    public static double Largest(IEnumerable<long[]> values) => values.Sum(options => (double)options.Max());
}
