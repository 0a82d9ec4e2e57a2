using Rocket.Models.Factors;

namespace Rocket.Pipeline.Stages;

/// <summary>An option as budgets and constraints see it.</summary>
/// <param name="GridRatio">The grid's ratio that it belongs to, for the paper's cap on costs; null: none.</param>
/// <param name="Parameters">Parameters kept, by the paper's count.</param>
/// <param name="Cost">Predicted loss, in the method's unit.</param>
/// <param name="Factors">How it is stored; null: dense.</param>
internal sealed record AllocationOption(double? GridRatio, long Parameters, double Cost, FactoredLinear? Factors);
