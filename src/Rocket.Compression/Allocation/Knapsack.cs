using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>The multiple-choice knapsack: exactly one option of every group, least cost within a capacity.</summary>
/// <remarks>
/// Dominated options go, the lower convex hulls give the linear relaxation and its Lagrange multiplier, and a Pareto list of (weight, cost) searches
/// the core: all options whose reduced cost lies within the gap between incumbent and bound (after Pisinger, "A minimal algorithm for the
/// multiple-choice knapsack problem", 1995). A complete search proves the optimum; one that ends at its limit of states, a count and never a clock,
/// gives its best selection and the bound. The order of groups and of options changes neither cost nor weight.
/// </remarks>
public static class Knapsack
{
    /// <summary>The selection of least cost whose weight is at most <paramref name="capacity"/>.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4001 out of reach, RKT4002 cost not finite, RKT4004 no option, RKT4005 weights too large.</exception>
    public static KnapsackSolution Solve(IReadOnlyList<KnapsackGroup> groups, long capacity) => SolveMany(groups, [capacity])[0];

    /// <summary>One solution a capacity, each the same as alone; the hulls are made once.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">As <see cref="Solve"/>; RKT4001 where any capacity is out of reach.</exception>
    public static ImmutableArray<KnapsackSolution> SolveMany(IReadOnlyList<KnapsackGroup> groups, IReadOnlyList<long> capacities)
    {
        ArgumentNullException.ThrowIfNull(capacities);
        var problem = new KnapsackProblem(groups);
        return [.. capacities.Select(problem.Solve)];
    }

    /// <summary>The selection of least weight whose cost is at most <paramref name="maxCost"/>; its bound and gap are those of the weight.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4003 out of reach, else as <see cref="Solve"/>.</exception>
    public static KnapsackSolution SmallestWeight(IReadOnlyList<KnapsackGroup> groups, double maxCost) => new KnapsackProblem(groups).SmallestWeight(maxCost);
}
