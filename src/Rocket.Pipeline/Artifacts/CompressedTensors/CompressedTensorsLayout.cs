using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Artifacts.Layouts;

namespace Rocket.Pipeline.Artifacts.CompressedTensors;

/// <summary>The source's layout with packed codes in the place of weights; what cannot be packed is multiplied out in the source's type.</summary>
internal static class CompressedTensorsLayout
{
    // A tied head is a module, though it has no tensor.
    private const string TiedHead = "lm_head";

    /// <summary>The layout of a plan.</summary>
    public static ArtifactLayout Of(PlannedWeights weights)
    {
        ImmutableSortedDictionary<string, PackedModule> packed = PackedModules.Of(weights);
        return new ArtifactLayout(
            Tensors(weights, packed),
            config => Configure(config, weights, packed),
            provenance => provenance["export"] = new JsonObject
            {
                ["layout"] = CompressedTensorsExport.LayoutName,
                ["packed"] = packed.Count,
                ["multipliedOut"] = weights.Factored.Count - packed.Count,
            });
    }

    private static IEnumerable<ArtifactTensor> Tensors(PlannedWeights weights, ImmutableSortedDictionary<string, PackedModule> packed)
        => weights.Source.Checkpoint.Tensors.SelectMany(info =>
            packed.TryGetValue(info.Name, out PackedModule? module) ? module.Tensors(weights)
            : weights.Factored.Contains(info.Name) ? [weights.MultipliedOut(info, info.Type)]
            : [ArtifactTensor.Copy(weights.Source.Checkpoint.Get(info.Name), info.Name)]);

    // A configuration without groups is none: such a folder is a plain dense model.
    private static void Configure(JsonObject config, PlannedWeights weights, ImmutableSortedDictionary<string, PackedModule> packed)
    {
        if (packed.IsEmpty)
        {
            return;
        }

        IEnumerable<string> others = weights.Source.Checkpoint.Tensors
            .Where(tensor => tensor.Shape.Length == 2 && !packed.ContainsKey(tensor.Name) && tensor.Name.EndsWith(LinearSpec.WeightSuffix, StringComparison.Ordinal))
            .Select(tensor => tensor.Name[..^LinearSpec.WeightSuffix.Length]);
        config[QuantizationConfig.Member] = QuantizationConfig.Create(
            packed.Values.Select(module => (module.Linear.Name, module.Quantization)),
            weights.Source.Spec.Head.IsTied ? others.Append(TiedHead) : others);
    }
}
