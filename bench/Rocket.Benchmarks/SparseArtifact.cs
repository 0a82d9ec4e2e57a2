using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Benchmarks;

/// <summary>Prunes a dense model by magnitude into the sparse form: no good model, but the right bytes for a measurement of speed.</summary>
internal static class SparseArtifact
{
    /// <summary>Writes an artifact in which a share of every linear's smallest weights is gone.</summary>
    public static void Write(string source, string target, double share)
    {
        Directory.CreateDirectory(target);
        using Checkpoint checkpoint = Checkpoint.Open(source);
        DecoderSpec spec = Architecture.Read(Path.Combine(source, "config.json"));
        Dictionary<string, LinearFactors> factors = spec.Blocks
            .SelectMany(block => block.CompressibleLinears)
            .ToDictionary(linear => linear.Key, linear => Prune(checkpoint, linear, share), StringComparer.Ordinal);
        HashSet<string> replaced = [.. spec.Blocks.SelectMany(block => block.CompressibleLinears).Select(linear => linear.Tensor)];

        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        config["rocket"] = new RocketSection(factors.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Info))).ToJson();
        File.WriteAllText(Path.Combine(target, "config.json"), config.ToJsonString());
        foreach (string file in Directory.GetFiles(source, "tokenizer*"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        TensorInfo[] kept = [.. checkpoint.Tensors.Where(tensor => !replaced.Contains(tensor.Name))];
        IEnumerable<TensorInfo> tensors = kept.Concat(factors.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.Info.Tensors(entry.Key)));
        using FileStream stream = File.Create(Path.Combine(target, "model.safetensors"));
        using var writer = new SafetensorsWriter(stream, [.. tensors]);
        foreach (TensorInfo tensor in kept)
        {
            writer.Write(tensor.Name, checkpoint.Get(tensor.Name).Bytes);
        }

        foreach ((string key, LinearFactors linear) in factors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Write(key + FactoredLinear.MaskSuffix, linear.Mask.Span);
            writer.Write(key + FactoredLinear.ValuesSuffix, linear.Values.Span);
        }

        writer.Complete();
    }

    private static LinearFactors Prune(Checkpoint checkpoint, LinearSpec linear, double share)
    {
        TensorView view = checkpoint.Get(linear.Tensor);
        float[] weights = ToFloat32(view, (long)(linear.Fused?.FirstRow ?? 0) * linear.DIn, checked((int)linear.Parameters));
        float[] magnitudes = [.. weights.Select(MathF.Abs)];
        Array.Sort(magnitudes);
        float threshold = magnitudes[Math.Min((int)(share * magnitudes.Length), magnitudes.Length - 1)];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = MathF.Abs(weights[i]) < threshold ? 0 : weights[i];
        }

        return LinearFactors.Pack(weights, [], linear.DIn, linear.DOut, linear.DIn, view.Info.Type);
    }

    private static unsafe float[] ToFloat32(TensorView view, long first, int count)
    {
        var weights = new float[count];
        fixed (float* target = weights)
        {
            Inference.Kernels.ScalarKernels.Read((byte*)view.Pointer + (first * view.Info.Type.ByteSize()), view.Info.Type, count, target);
        }

        return weights;
    }
}
