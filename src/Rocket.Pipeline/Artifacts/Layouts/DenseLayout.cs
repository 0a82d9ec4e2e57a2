using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;

namespace Rocket.Pipeline.Artifacts.Layouts;

/// <summary>The source's own layout: every tensor under its own name, factored ones multiplied out.</summary>
internal static class DenseLayout
{
    /// <summary>The layout of a plan.</summary>
    /// <param name="weights">The plan's weights.</param>
    /// <param name="type">Type of all floating-point tensors; null: as the source has them.</param>
    public static ArtifactLayout Of(PlannedWeights weights, TensorType? type)
        => new(Tensors(weights, type), config => Configure(config, type), provenance => provenance["denseExport"] = true);

    private static void Configure(JsonObject config, TensorType? type)
    {
        if (type is not null)
        {
            string name = type switch
            {
                TensorType.F16 => "float16",
                TensorType.BF16 => "bfloat16",
                _ => "float32",
            };
            config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = name;
        }
    }

    private static IEnumerable<ArtifactTensor> Tensors(PlannedWeights weights, TensorType? asked)
    {
        Checkpoint checkpoint = weights.Source.Checkpoint;
        foreach (TensorInfo info in checkpoint.Tensors)
        {
            TensorType type = asked is { } chosen && info.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16 ? chosen : info.Type;
            yield return weights.Factored.Contains(info.Name) || type != info.Type
                ? weights.MultipliedOut(info, type)
                : ArtifactTensor.Copy(checkpoint.Get(info.Name), info.Name);
        }
    }
}
