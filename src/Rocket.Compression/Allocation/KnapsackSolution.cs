using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>One option for every group, with a certificate of how far from the optimum it can be.</summary>
public sealed record KnapsackSolution
{
    /// <summary>Option indices in the order of the groups; a group of count n takes n consecutive places, its lighter choices first.</summary>
    public required ImmutableArray<int> Selection { get; init; }

    /// <summary>The total weight, exact.</summary>
    public required long Weight { get; init; }

    /// <summary>The total cost: the exact sum of the costs in the solver's integer units, see <see cref="Quantum"/>.</summary>
    public required double Cost { get; init; }

    /// <summary>No choice within the budget does better than this; a cost, or a weight where the weight was minimised.</summary>
    public required double Bound { get; init; }

    /// <summary>True where the search was complete, so that no better choice exists.</summary>
    public required bool IsProven { get; init; }

    /// <summary>(value - bound) / bound of what was minimised; 0 where proven.</summary>
    public required double Gap { get; init; }

    /// <summary>The unit that costs were rounded to before solving: a power of ten where all costs are such decimals (nothing is lost), else the power of two that uses 60 bits for the largest possible total.</summary>
    public required double Quantum { get; init; }
}
