using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rocket.Models.Checkpoints;

namespace Rocket.Tests;

/// <summary>Makes a deeper model of a real one: its blocks several times over, which is all that depth means for memory.</summary>
internal static partial class RepeatedModel
{
    /// <summary>Writes the model whose block i is the source's block i mod n.</summary>
    /// <param name="source">The folder of a model with <c>model.layers.N.</c> tensors.</param>
    /// <param name="target">The folder to write.</param>
    /// <param name="times">How often the blocks stand in it.</param>
    public static void Create(string source, string target, int times)
    {
        Directory.CreateDirectory(target);
        JsonObject config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        int blocks = (int)config["num_hidden_layers"]!;
        config["num_hidden_layers"] = blocks * times;
        File.WriteAllText(Path.Combine(target, "config.json"), config.ToJsonString());
        foreach (string file in Directory.GetFiles(source, "tokenizer*"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        using Checkpoint checkpoint = Checkpoint.Open(source);
        (TensorInfo Info, string Source)[] tensors = [.. checkpoint.Tensors.SelectMany(tensor => Copies(tensor, blocks, times))];
        using FileStream stream = File.Create(Path.Combine(target, "model.safetensors"));
        using var writer = new SafetensorsWriter(stream, [.. tensors.Select(tensor => tensor.Info)]);
        foreach ((TensorInfo info, string name) in tensors)
        {
            writer.Write(info.Name, checkpoint.Get(name).Bytes);
        }

        writer.Complete();
    }

    private static IEnumerable<(TensorInfo Info, string Source)> Copies(TensorInfo tensor, int blocks, int times)
    {
        Match match = BlockName().Match(tensor.Name);
        if (!match.Success)
        {
            return [(tensor, tensor.Name)];
        }

        int block = int.Parse(match.Groups[1].Value);
        return Enumerable.Range(0, times).Select(i => (tensor with { Name = $"model.layers.{block + (i * blocks)}.{match.Groups[2].Value}" }, tensor.Name));
    }

    [GeneratedRegex(@"^model\.layers\.(\d+)\.(.+)$")]
    private static partial Regex BlockName();
}
