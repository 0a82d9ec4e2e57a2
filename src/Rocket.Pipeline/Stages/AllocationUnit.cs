using System.Collections.Immutable;

namespace Rocket.Pipeline.Stages;

/// <summary>Linears of which a plan writes those of one way: a linear alone, or a fused weight as the linears that it holds or as one.</summary>
/// <param name="Ways">Indices of every way's linears; the first way is that of the linears by themselves.</param>
internal sealed record AllocationUnit(ImmutableArray<ImmutableArray<int>> Ways);
