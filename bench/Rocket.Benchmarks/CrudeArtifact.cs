using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Benchmarks;

/// <summary>Prunes a dense model by magnitude, or rounds it to the nearest code: no good model, but the right bytes for a measurement of speed.</summary>
internal static class CrudeArtifact
{
    private const int GroupSize = 64;

    /// <summary>Writes an artifact in which a share of every linear's smallest weights is gone.</summary>
    public static void Prune(string source, string target, double share)
        => Write(source, target, LinearsOf, (checkpoint, linear) => Prune(checkpoint, linear, share));

    /// <summary>Writes an artifact of codes: every linear, the embedding and the head, without a share of the linears' smallest weights where that is not 0.</summary>
    public static void Quantize(string source, string target, int bits, double share)
        => Write(
            source,
            target,
            spec => LinearsOf(spec).Concat(new[] { spec.Embedding.Tensor, spec.Head.Tensor }.Distinct().Select(table => new LinearSpec(table[..^".weight".Length], spec.HiddenSize, spec.VocabularySize, default))),
            (checkpoint, linear) => Quantize(checkpoint, linear, new Quantization(bits, GroupSize), linear.Tensor.Contains("layers", StringComparison.Ordinal) ? share : 0));

    private static IEnumerable<LinearSpec> LinearsOf(DecoderSpec spec) => spec.Blocks.SelectMany(block => block.CompressibleLinears);

    private static void Write(string source, string target, Func<DecoderSpec, IEnumerable<LinearSpec>> linearsOf, Func<Checkpoint, LinearSpec, LinearFactors> compress)
    {
        Directory.CreateDirectory(target);
        using Checkpoint checkpoint = Checkpoint.Open(source);
        DecoderSpec spec = Architecture.Read(Path.Combine(source, "config.json"));
        LinearSpec[] linears = [.. linearsOf(spec)];
        Dictionary<string, LinearFactors> factors = linears.ToDictionary(linear => linear.Key, linear => compress(checkpoint, linear), StringComparer.Ordinal);
        HashSet<string> replaced = [.. linears.Select(linear => linear.Tensor)];

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
            foreach (TensorInfo part in linear.Info.Tensors(""))
            {
                writer.Write(key + part.Name, linear.Part(part.Name).Span);
            }
        }

        writer.Complete();
    }

    private static LinearFactors Prune(Checkpoint checkpoint, LinearSpec linear, double share)
    {
        float[] weights = Read(checkpoint, linear);
        Cut(weights, share);
        return LinearFactors.Pack(weights, [], linear.DIn, linear.DOut, linear.DIn, checkpoint.Get(linear.Tensor).Info.Type);
    }

    private static LinearFactors Quantize(Checkpoint checkpoint, LinearSpec linear, Quantization quantization, double share)
    {
        float[] weights = Read(checkpoint, linear);
        Cut(weights, share);
        var matrix = new QuantizedMatrix(linear.DOut, linear.DIn, quantization);
        int stride = FactoredLinear.MaskStride(linear.DIn);
        byte[] mask = new byte[share > 0 ? stride * linear.DOut : 0];
        for (int group = 0; group < matrix.Scales.Length; group++)
        {
            int row = group / matrix.Groups;
            int first = group % matrix.Groups * quantization.GroupSize;
            Span<float> values = weights.AsSpan((row * linear.DIn) + first, Math.Min(quantization.GroupSize, linear.DIn - first));
            float least = Math.Min(0, values.ToArray().Min()), most = Math.Max(0, values.ToArray().Max());
            matrix.Scales[group] = (Half)Math.Max((most - least) / quantization.LargestCode, 1e-6f);
            float scale = (float)matrix.Scales[group];
            matrix.Zeros[group] = (byte)Math.Clamp(MathF.Round(-least / scale), 0, quantization.LargestCode);
            for (int i = 0; i < values.Length; i++)
            {
                matrix.Codes[(row * linear.DIn) + first + i] = (byte)Math.Clamp(MathF.Round(values[i] / scale) + matrix.Zeros[group], 0, quantization.LargestCode);
                if (values[i] != 0 && mask.Length > 0)
                {
                    mask[(row * stride) + ((first + i) >> 3)] |= (byte)(1 << (i & 7));
                }
            }
        }

        return LinearFactors.Pack(matrix, mask, null, checkpoint.Get(linear.Tensor).Info.Type);
    }

    private static void Cut(float[] weights, double share)
    {
        float[] magnitudes = [.. weights.Select(MathF.Abs)];
        Array.Sort(magnitudes);
        float threshold = magnitudes[Math.Min((int)(share * magnitudes.Length), magnitudes.Length - 1)];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = MathF.Abs(weights[i]) < threshold ? 0 : weights[i];
        }
    }

    private static float[] Read(Checkpoint checkpoint, LinearSpec linear)
        => ToFloat32(checkpoint.Get(linear.Tensor), (long)(linear.Fused?.FirstRow ?? 0) * linear.DIn, checked((int)linear.Parameters));

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
