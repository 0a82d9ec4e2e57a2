using System.Collections.Immutable;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Artifacts.Layouts;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts.CompressedTensors;

/// <summary>Which of a plan's linears keep their codes in a <c>pack-quantized</c> folder.</summary>
internal static class PackedModules
{
    /// <summary>The modules that are packed, by the name of the source's tensor.</summary>
    public static ImmutableSortedDictionary<string, PackedModule> Of(PlannedWeights weights)
    {
        Dictionary<string, PackedModule> possible = weights.Factored
            .Select(entries => TryPack(weights, [.. entries.OrderBy(entry => weights.LinearOf(entry).Fused?.FirstRow ?? 0)]))
            .OfType<PackedModule>()
            .ToDictionary(module => module.Linear.Tensor, StringComparer.Ordinal);

        // vLLM runs query, key and value as one matrix, gate and up as another, and takes one scheme for all rows.
        IEnumerable<string> packed = weights.Source.Linears
            .GroupBy(candidate => (candidate.Block.Index, candidate.Linear.Input), candidate => candidate.Linear.Tensor)
            .Where(tensors => tensors.Select(tensor => possible.GetValueOrDefault(tensor)?.Quantization).Distinct().Count() == 1)
            .SelectMany(tensors => tensors.Distinct().Where(possible.ContainsKey));
        return packed.ToImmutableSortedDictionary(tensor => tensor, tensor => possible[tensor], StringComparer.Ordinal);
    }

    // The fused kernels of mixtures know no zero points, and neither do those that look up embeddings.
    private static PackedModule? TryPack(PlannedWeights weights, ImmutableArray<PlanEntry> parts)
    {
        LinearSpec whole = weights.LinearOf(parts[0]).Whole;
        return parts[0].Option is DenseOption { Quantization: { } quantization }
            && parts.All(part => part.Option is DenseOption && part.Option.Quantization == quantization)
            && parts.Sum(part => part.DOut) == whole.DOut
            && whole.Input is { Expert: < 0, Kind: not InputKind.Vocabulary }
            && PackedModule.Fits(whole.DIn, whole.DOut, quantization)
                ? new PackedModule(whole, quantization, parts)
                : null;
    }
}
