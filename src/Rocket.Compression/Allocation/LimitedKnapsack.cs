using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>The multiple-choice knapsack with further limits on sums over some of the groups, which may overlap.</summary>
/// <remarks>
/// Where the answer without the limits keeps them it is the answer. Else every limit gets a Lagrange multiplier (<see cref="LimitedDual"/>), which gives
/// the bound, and lists of states around the multipliers' choice are searched (<see cref="LimitedPass"/>), complete where they are short enough.
/// </remarks>
public static class LimitedKnapsack
{
    private static readonly (int Deviations, int Width)[] Passes = [(400, 1000), (int.MaxValue, 1000), (int.MaxValue, 8000)];

    /// <summary>The selection of least cost within the capacity and the limits; null: none was found.</summary>
    /// <param name="groups">Groups that each stand for one.</param>
    /// <param name="capacity">The most weight.</param>
    /// <param name="limits">The further limits.</param>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4001, RKT4002, RKT4004, RKT4005 as in <see cref="Knapsack.Solve"/>.</exception>
    public static KnapsackSolution? Solve(IReadOnlyList<KnapsackGroup> groups, long capacity, IReadOnlyList<KnapsackLimit> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        RequireSingle(groups);
        var free = Knapsack.Solve(groups, capacity);
        if (limits.All(limit => limit.Holds(free.Selection)))
        {
            return free;
        }

        var scale = CostScale.For(groups);
        var problem = new LimitedProblem(
            [.. groups.Select(g => g.Options.Select(o => scale.Round(o.Cost)).ToArray())],
            [.. limits.Prepend(new KnapsackLimit([.. groups.Select(g => g.Options.Select(o => o.Weight).ToImmutableArray())], capacity))]);
        return Search(problem) is { } found ? Solution(groups, found, scale, scale.ToCost(found.Cost), scale.ToCost(found.Bound)) : null;
    }

    /// <summary>The selection of least weight whose cost is at most a limit, within the other limits; null: none was found.</summary>
    /// <param name="groups">Groups that each stand for one.</param>
    /// <param name="maxCost">The most cost.</param>
    /// <param name="limits">The further limits.</param>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4002, RKT4003, RKT4004, RKT4005 as in <see cref="Knapsack.SmallestWeight"/>.</exception>
    public static KnapsackSolution? SmallestWeight(IReadOnlyList<KnapsackGroup> groups, double maxCost, IReadOnlyList<KnapsackLimit> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        RequireSingle(groups);
        var free = Knapsack.SmallestWeight(groups, maxCost);
        if (limits.All(limit => limit.Holds(free.Selection)))
        {
            return free;
        }

        var scale = CostScale.For(groups);
        var problem = new LimitedProblem(
            [.. groups.Select(g => g.Options.Select(o => o.Weight).ToArray())],
            [.. limits.Prepend(new KnapsackLimit([.. groups.Select(g => g.Options.Select(o => scale.RoundUp(o.Cost)).ToImmutableArray())], scale.RoundDown(maxCost)))]);
        return Search(problem) is { } found ? Solution(groups, found, scale, found.Cost, found.Bound) : null;
    }

    private static void RequireSingle(IReadOnlyList<KnapsackGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(group.Count, 1, nameof(groups));
        }
    }

    private static LimitedAnswer? Search(LimitedProblem problem)
    {
        if (LimitedDual.Maximise(problem) is not { } dual)
        {
            return null;
        }

        var best = dual.Incumbent is { } met && problem.CostOf(met) is var cost ? new LimitedAnswer(met, cost, Math.Min(dual.WholeBound, cost)) : null;
        foreach (var (deviations, width) in Passes)
        {
            var pass = new LimitedPass(problem, dual, best, deviations, width);
            best = pass.Run();
            if (pass.IsComplete || (best is not null && best.Bound == best.Cost))
            {
                break;
            }
        }

        return best;
    }

    private static KnapsackSolution Solution(IReadOnlyList<KnapsackGroup> groups, LimitedAnswer found, CostScale scale, double value, double bound)
    {
        var isProven = found.Bound == found.Cost;
        return new KnapsackSolution
        {
            Selection = [.. found.Selection],
            Weight = found.Selection.Select((o, g) => groups[g].Options[o].Weight).Sum(),
            Cost = scale.ToCost(found.Selection.Select((o, g) => scale.Round(groups[g].Options[o].Cost)).Sum()),
            Bound = bound,
            IsProven = isProven,
            Gap = isProven ? 0 : (value - bound) / Math.Abs(bound),
            Quantum = scale.ToCost(1),
        };
    }
}
