using System.Collections.Immutable;

namespace Rocket.Models.Architectures;

/// <summary>A tensor on disk that holds several linears of one input, such as Phi-3's <c>qkv_proj</c>.</summary>
/// <param name="Whole">The tensor as one linear: its outputs are those of the parts, one behind the other.</param>
/// <param name="Parts">The linears that it holds, in the order of their rows; every row belongs to one.</param>
public sealed record FusedWeight(LinearSpec Whole, ImmutableArray<LinearSpec> Parts)
{
    /// <summary>The fused weights of some linears, in the order of their first parts.</summary>
    internal static IEnumerable<FusedWeight> Of(IEnumerable<LinearSpec> linears) => linears
        .Where(linear => linear.Fused is not null)
        .GroupBy(linear => linear.Whole)
        .Select(group => new FusedWeight(group.Key, [.. group.OrderBy(part => part.Fused!.FirstRow)]))
        .Where(fused => fused.Parts.Sum(part => (long)part.DOut) == fused.Whole.DOut);
}
