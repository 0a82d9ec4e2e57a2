using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>What the cap leaves.</summary>
/// <param name="Alpha">The factor that was used, or null where even 2.0 leaves the target out of reach and nothing is capped.</param>
/// <param name="Remaining">The indices of the remaining options of every linear, rising.</param>
public sealed record PaperCostCapResult(double? Alpha, ImmutableArray<ImmutableArray<int>> Remaining);
