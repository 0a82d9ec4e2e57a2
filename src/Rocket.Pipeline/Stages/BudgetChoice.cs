using System.Collections.Immutable;

namespace Rocket.Pipeline.Stages;

/// <summary>The options that meet a budget.</summary>
/// <param name="Options">The index of every linear's option; -1: its weight is written the other way, as one or as its parts.</param>
/// <param name="Cost">Their predicted loss.</param>
/// <param name="Bound">No choice of the same size loses less.</param>
/// <param name="IsProven">The loss is proven to be the least.</param>
/// <param name="CostCap">The paper's alpha; null: no cap.</param>
/// <param name="LeastParameters">Under a limit on the loss, no choice keeps fewer parameters; null: another budget.</param>
internal sealed record BudgetChoice(ImmutableArray<int> Options, double Cost, double Bound, bool IsProven, double? CostCap, long? LeastParameters);
