using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts.Layouts;

/// <summary>The artifact's own layout. What is not factored stays as it was; a tensor of fused linears is taken apart as soon as one of them is factored by itself.</summary>
internal static class FactoredLayout
{
    /// <summary>The layout of a plan.</summary>
    public static ArtifactLayout Of(PlannedWeights weights) => new(Tensors(weights), config => Configure(config, weights), _ => { });

    private static void Configure(JsonObject config, PlannedWeights weights)
    {
        var section = new RocketSection(weights.Entries.Where(entry => entry.Option is not null).Select(entry => KeyValuePair.Create(entry.Linear, weights.ResultOf(entry).Linear)));
        config["rocket"] = section.ToJson();
        config["auto_map"] = new JsonObject { ["AutoModelForCausalLM"] = PythonModel.ClassReference };
    }

    private static IEnumerable<ArtifactTensor> Tensors(PlannedWeights weights)
    {
        Checkpoint checkpoint = weights.Source.Checkpoint;
        foreach (TensorInfo info in checkpoint.Tensors.Where(tensor => !weights.Factored.Contains(tensor.Name)))
        {
            yield return ArtifactTensor.Copy(checkpoint.Get(info.Name), info.Name);
        }

        foreach (PlanEntry entry in weights.Entries)
        {
            LinearSpec linear = weights.LinearOf(entry);
            if (entry.Option is not null)
            {
                SafetensorsFile factors = weights.Open(entry);
                foreach (TensorInfo info in factors.Tensors)
                {
                    yield return ArtifactTensor.Copy(factors.Get(info.Name), info.Name);
                }
            }
            else if (weights.Factored.Contains(linear.Tensor))
            {
                yield return ArtifactTensor.Copy(checkpoint.Get(linear.Tensor), linear.Key + LinearSpec.WeightSuffix, linear.Fused!.FirstRow, linear.DOut);
            }
        }
    }
}
