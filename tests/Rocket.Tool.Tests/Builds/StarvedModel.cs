using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;

namespace Rocket.Tool.Tests.Builds;

/// <summary>A copy of a mixture of experts whose routers never choose one of the experts.</summary>
internal static class StarvedModel
{
    private const string Router = ".mlp.gate.weight";

    /// <summary>Writes the model.</summary>
    /// <remarks>With k experts a token, rows 0..k-1 of a router become row 0 and rows k..2k-1 row k; the starved row is the mean of both, so k others always score higher.</remarks>
    /// <param name="source">The model's folder.</param>
    /// <param name="target">The folder to write.</param>
    /// <returns>Names of the starved experts.</returns>
    public static string[] Create(string source, string target)
    {
        BuildTests.CopyFolder(source, target);
        int topK = (int)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!["num_experts_per_tok"]!;
        using Checkpoint checkpoint = Checkpoint.Open(source);
        foreach (string file in checkpoint.Files)
        {
            string copy = Path.Combine(target, Path.GetFileName(file));
            File.Delete(copy);
            using SafetensorsFile old = SafetensorsFile.Open(file);
            using FileStream stream = File.Create(copy);
            using var writer = new SafetensorsWriter(stream, old.Tensors);
            foreach (TensorInfo tensor in old.Tensors)
            {
                byte[] bytes = old.Get(tensor.Name).Bytes.ToArray();
                if (tensor.Name.EndsWith(Router, StringComparison.Ordinal))
                {
                    Starve(tensor, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()), topK);
                }

                writer.Write(tensor.Name, bytes);
            }

            writer.Complete();
        }

        return [.. checkpoint.Tensors.Where(tensor => tensor.Name.EndsWith(Router, StringComparison.Ordinal)).Select(tensor => tensor.Name[..^".gate.weight".Length] + $".experts.{2 * topK}")];
    }

    private static void Starve(TensorInfo tensor, Span<float> weight, int topK)
    {
        int width = (int)tensor.Shape[1];
        Assert.Equal(TensorType.F32, tensor.Type);
        Assert.True(tensor.Shape[0] > 2 * topK);
        Span<float> first = weight[..width];
        Span<float> second = weight.Slice(topK * width, width);
        for (int i = 1; i < topK; i++)
        {
            first.CopyTo(weight[(i * width)..]);
            second.CopyTo(weight[((topK + i) * width)..]);
        }

        for (int column = 0; column < width; column++)
        {
            weight[(2 * topK * width) + column] = (first[column] + second[column]) / 2;
        }
    }
}
