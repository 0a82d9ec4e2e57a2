using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rocket.Pipeline.Stages;

/// <summary>One option for every linear of a model, under one budget.</summary>
/// <param name="Entries">The linears in the order of execution.</param>
/// <param name="Remove">The share that was to be removed; null: another budget.</param>
/// <param name="Unit">What the costs are.</param>
/// <param name="Cost">Sum of the options' costs.</param>
/// <param name="Bound">No plan under the budget costs less.</param>
/// <param name="IsProven">The plan is proven to be the best.</param>
/// <param name="CostCap">The paper's alpha, by which options above alpha times the mean cost were struck out; null: there is no cap.</param>
public sealed record CompressionPlan(ImmutableArray<PlanEntry> Entries, decimal? Remove, CostUnit Unit, double Cost, double Bound, bool IsProven, double? CostCap)
{
    /// <summary>The budget where it is no share to remove; null: it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanLimit? Limit { get; init; }

    /// <summary>Under a limit on the loss: no plan within it keeps fewer parameters; null: another budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LeastParameters { get; init; }

    /// <summary>How far the cost can be above the best that the budget allows: (cost - bound) / bound; 0 where proven.</summary>
    [JsonIgnore]
    public double Gap => IsProven ? 0 : (Cost - Bound) / Math.Abs(Bound);

    /// <summary>Parameters of the compressible linears.</summary>
    public long DenseParameters => Entries.Where(entry => entry.Block >= 0).Sum(entry => (long)entry.DIn * entry.DOut);

    /// <summary>Parameters that the plan keeps of them, by the paper's count.</summary>
    public long KeptParameters => Entries.Where(entry => entry.Block >= 0).Sum(entry => entry.Parameters);

    /// <summary>Share of the compressible linears' parameters that is removed.</summary>
    public double RemovedShare => (double)(DenseParameters - KeptParameters) / DenseParameters;

    /// <summary>Most parameters that a plan may keep: never less than the asked share is removed.</summary>
    public static long Capacity(long denseParameters, decimal remove) => (long)Math.Floor(denseParameters * (1 - remove));
}
