using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>What a budget's limit means to the knapsack: a capacity, and what every option weighs of it.</summary>
/// <param name="Capacity">The most that all options together may weigh.</param>
/// <param name="Of">The weight of a linear's option.</param>
/// <param name="TargetRatio">The share of parameters to remove, for the paper's cap on costs; null: there is no such target.</param>
internal sealed record BudgetWeights(long Capacity, Func<int, AllocationOption, long> Of, double? TargetRatio)
{
    /// <summary>The weights of a budget of a size: a removed share, parameters, or bytes.</summary>
    /// <param name="kind">What is limited.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="denseParameters">Parameters of the compressible linears.</param>
    /// <param name="bytes">Foretells bytes.</param>
    public static BudgetWeights For(BudgetKind kind, decimal limit, long denseParameters, ArtifactBytes bytes) => kind switch
    {
        BudgetKind.Remove => new(CompressionPlan.Capacity(denseParameters, limit), Parameters, (double)limit),
        BudgetKind.Parameters => new((long)limit, Parameters, Math.Max(0, 1 - ((double)limit / denseParameters))),
        BudgetKind.Bytes => new((long)limit - bytes.FixedPart((long)limit), (linear, option) => bytes.Weight(linear, option.Factors, (long)limit), null),
        BudgetKind.BitsPerWeight => new((long)(limit * denseParameters), (linear, option) => 8 * bytes.TensorBytes(linear, option.Factors), null),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static long Parameters(int linear, AllocationOption option) => option.Parameters;
}
