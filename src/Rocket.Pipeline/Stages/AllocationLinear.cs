using System.Collections.Immutable;
using Rocket.Models.Architectures;

namespace Rocket.Pipeline.Stages;

/// <summary>A linear with its options.</summary>
/// <param name="Spec">The linear.</param>
/// <param name="Block">Index of its block.</param>
/// <param name="Options">The options, in the profile's order.</param>
internal sealed record AllocationLinear(LinearSpec Spec, int Block, ImmutableArray<AllocationOption> Options)
{
    /// <summary>Keys of the linears that it holds, where it is a fused weight taken as one; else none.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];
}
