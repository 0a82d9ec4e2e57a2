using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>The cap on an option's cost in the paper's allocation (arXiv 2602.11008, section 3): what costs more than alpha times the mean at the target ratio may not be chosen.</summary>
public static class PaperCostCap
{
    /// <summary>Alpha is tried from 10 tenths to 20 tenths.</summary>
    private const int FirstTenth = 10;
    private const int LastTenth = 20;

    /// <summary>The options that remain under the smallest of the caps 1.0, 1.1 .. 2.0 that leaves the capacity reachable; all of them where none does.</summary>
    /// <param name="linears">The options of every linear; each has at least one.</param>
    /// <param name="targetRatio">The share of the parameters to remove.</param>
    /// <param name="capacity">The most parameters that all linears together may keep.</param>
    public static PaperCostCapResult Apply(IReadOnlyList<ImmutableArray<PaperOption>> linears, double targetRatio, long capacity)
    {
        ArgumentNullException.ThrowIfNull(linears);
        if (MeanCost(linears, targetRatio) is { } mean)
        {
            for (var tenth = FirstTenth; tenth <= LastTenth; tenth++)
            {
                var alpha = tenth / 10.0;
                var remaining = linears.Select(l => Under(l, alpha * mean)).ToImmutableArray();
                if (LeastWeight(linears, remaining) <= capacity)
                {
                    return new PaperCostCapResult(alpha, remaining);
                }
            }
        }

        return new PaperCostCapResult(null, [.. linears.Select(l => Enumerable.Range(0, l.Length).ToImmutableArray())]);
    }

    /// <summary>The mean over the linears of the best cost at the grid ratio nearest to the target; null where no linear is on the grid.</summary>
    /// <remarks>Not every linear has options at every ratio: each takes the nearest of its own; of two as near, the smaller.</remarks>
    private static double? MeanCost(IReadOnlyList<ImmutableArray<PaperOption>> linears, double targetRatio)
    {
        var best = linears
            .Select(l => l.Where(o => o.GridRatio is not null)
                .Select(o => (Distance: Math.Abs(o.GridRatio!.Value - targetRatio), Ratio: o.GridRatio.Value, o.Cost))
                .DefaultIfEmpty((Distance: 0, Ratio: 0, Cost: double.NaN))
                .Min().Cost)
            .Where(c => !double.IsNaN(c))
            .ToArray();
        return best.Length == 0 ? null : best.Average();
    }

    private static ImmutableArray<int> Under(ImmutableArray<PaperOption> options, double cap)
    {
        var kept = Enumerable.Range(0, options.Length).Where(i => options[i].GridRatio is null || options[i].Cost <= cap).ToImmutableArray();
        return kept.IsEmpty ? [Enumerable.Range(0, options.Length).MinBy(i => (options[i].Cost, options[i].Weight))] : kept;
    }

    private static long LeastWeight(IReadOnlyList<ImmutableArray<PaperOption>> linears, ImmutableArray<ImmutableArray<int>> remaining) =>
        remaining.Select((kept, l) => kept.Min(i => linears[l][i].Weight)).Sum();
}
