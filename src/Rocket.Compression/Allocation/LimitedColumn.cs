namespace Rocket.Compression.Allocation;

/// <summary>What one group may choose instead of its base.</summary>
internal sealed class LimitedColumn
{
    /// <summary>An option relative to the base; the excess is what it costs more under the prices.</summary>
    public readonly record struct Deviation(int Option, double Excess, long Cost, long[] Amounts);

    private LimitedColumn(int group, Deviation[] deviations) => (Group, Deviations) = (group, deviations);

    /// <summary>The group.</summary>
    public int Group { get; }

    /// <summary>By rising excess.</summary>
    public Deviation[] Deviations { get; }

    /// <summary>The columns with the deviations of least excess, groups whose first is nearest to the base first.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="dual">The base.</param>
    /// <param name="gap">Deviations of more excess cannot be part of a better selection.</param>
    /// <param name="most">The most deviations.</param>
    /// <param name="leastCut">The least excess of a deviation within the gap that was left out.</param>
    public static LimitedColumn[] Within(LimitedProblem problem, LimitedDual dual, double gap, int most, out double leastCut)
    {
        var all = Enumerable.Range(0, problem.Costs.Length)
            .Select(g => Of(problem, dual, g).Where(d => d.Excess <= gap).ToArray())
            .ToArray();
        var excesses = all.SelectMany(deviations => deviations.Select(d => d.Excess)).Order().ToArray();
        var cut = excesses.Length > most ? excesses[most] : double.PositiveInfinity;
        leastCut = cut;
        return
        [
            .. all.Select((deviations, g) => new LimitedColumn(g, [.. deviations.Where(d => d.Excess < cut)]))
                .Where(column => column.Deviations.Length > 0)
                .OrderBy(column => column.Deviations[0].Excess),
        ];
    }

    private static IEnumerable<Deviation> Of(LimitedProblem problem, LimitedDual dual, int g)
    {
        var chosen = dual.Base[g];
        var (costs, amounts) = (problem.Costs[g], problem.Amounts[g]);
        var least = LimitedDual.Priced(problem, dual.Prices, g, chosen);
        return Enumerable.Range(0, costs.Length)
            .Where(o => o != chosen)
            .Select(o => new Deviation(
                o,
                LimitedDual.Priced(problem, dual.Prices, g, o) - least,
                costs[o] - costs[chosen],
                [.. amounts.Select(a => a[o] - a[chosen])]))
            .Where(d => d.Cost != 0 || d.Amounts.Any(a => a != 0))
            .OrderBy(d => d.Excess);
    }
}
