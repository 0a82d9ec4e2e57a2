using System.Text.Json.Nodes;
using Rocket.Inference.Tests.Kernels;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Tests.Weights;

/// <summary>
/// Turns a small model into an artifact whose linears are by turns in the dictionary form, in the sparse form, with all of their codes where values are quantised, and as they were.
/// Fused weights are by turns one linear and those that they hold.
/// </summary>
internal sealed class MixedArtifact : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (TensorInfo Info, byte[] Bytes)> _tensors = new(StringComparer.Ordinal);
    private readonly JsonObject _config;
    private readonly Random _random = new(1);
    private readonly TensorType _type;
    private readonly Quantization? _quantization;

    /// <summary>Writes the artifact.</summary>
    /// <param name="source">Folder of the small model.</param>
    /// <param name="type">Type of values.</param>
    /// <param name="quantization">How values, embedding and head are quantised; null: they are not.</param>
    /// <param name="expandTables">Embedding and head have the quantised values in float32 instead.</param>
    public MixedArtifact(string source, TensorType type, Quantization? quantization = null, bool expandTables = false)
    {
        _type = type;
        _quantization = quantization;
        using Checkpoint checkpoint = Checkpoint.Open(source);
        DecoderSpec spec = Architecture.Read(System.IO.Path.Combine(source, "config.json"));
        LinearSpec[] linears = [.. spec.Blocks.SelectMany(Linears)];
        HashSet<string> touched = [.. linears.Where((_, i) => FormOf(i) is not null).Select(linear => linear.Tensor)];
        foreach (TensorInfo info in checkpoint.Tensors.Where(tensor => !touched.Contains(tensor.Name)))
        {
            _tensors[info.Name] = (info, checkpoint.Get(info.Name).Bytes.ToArray());
        }

        Dictionary<string, FactoredLinear> factored = [];
        for (int i = 0; i < linears.Length; i++)
        {
            if (FormOf(i) is { } form)
            {
                factored[linears[i].Key] = AddFactors(linears[i], form);
            }
            else if (touched.Contains(linears[i].Tensor))
            {
                AddPart(checkpoint.Get(linears[i].Tensor), linears[i]);
            }
        }

        foreach (string table in quantization is null ? [] : new[] { spec.Embedding.Tensor, spec.Head.Tensor }.Distinct())
        {
            string key = table[..^".weight".Length];
            LinearFactors codes = Quantize(new LinearSpec(key, spec.HiddenSize, spec.VocabularySize, default), LinearForm.Dense);
            _tensors.Remove(table);
            if (expandTables)
            {
                float[] values = new float[spec.HiddenSize * spec.VocabularySize];
                codes.Expand(values);
                _tensors[table] = (new TensorInfo(table, TensorType.F32, [spec.VocabularySize, spec.HiddenSize]), KernelProblem.Bytes(values, TensorType.F32));
            }
            else
            {
                factored[key] = Add(key, codes);
            }
        }

        _config = (JsonObject)JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(source, "config.json")))!;
        _config["rocket"] = new RocketSection(factored).ToJson();
        Save();
    }

    public string Path => _folder.Path;

    public IReadOnlyCollection<string> TensorNames => _tensors.Keys;

    public TensorInfo InfoOf(string name) => _tensors[name].Info;

    /// <summary>Replaces a tensor; null removes it.</summary>
    public void Change(string name, Func<TensorInfo, byte[], (TensorInfo Info, byte[] Bytes)?> change)
    {
        (TensorInfo info, byte[] bytes) = _tensors[name];
        if (change(info, (byte[])bytes.Clone()) is { } changed)
        {
            _tensors[name] = changed;
        }
        else
        {
            _tensors.Remove(name);
        }

        Save();
        _tensors[name] = (info, bytes);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<LinearSpec> Linears(BlockSpec block)
    {
        LinearSpec[] wholes = [.. block.FusedWeights.Where((_, f) => (block.Index + f) % 2 == 0).Select(fused => fused.Whole)];
        return block.CompressibleLinears.Select(linear => wholes.Contains(linear.Whole) ? linear.Whole : linear).Distinct();
    }

    // The form of a linear by its number; null: it stays.
    private LinearForm? FormOf(int linear) => (linear % (_quantization is null ? 3 : 4)) switch
    {
        0 => LinearForm.Dictionary,
        1 => LinearForm.Sparse,
        3 => LinearForm.Dense,
        _ => null,
    };

    private FactoredLinear AddFactors(LinearSpec linear, LinearForm form)
    {
        if (_quantization is not null)
        {
            return Add(linear.Key, Quantize(linear, form));
        }

        int k = AtomsOf(linear, form);
        float[] coefficients = [.. Enumerable.Range(0, linear.DOut * k).Select(_ => _random.NextDouble() < 0.4 ? 0 : KernelProblem.Round((_random.NextSingle() - 0.5f) / 4, _type))];
        float[] dictionary = [.. Enumerable.Range(0, form == LinearForm.Dictionary ? k * linear.DIn : 0).Select(_ => KernelProblem.Round((_random.NextSingle() - 0.5f) / 4, _type))];
        return Add(linear.Key, LinearFactors.Pack(coefficients, KernelProblem.Bytes(dictionary, _type), linear.DIn, linear.DOut, k, _type));
    }

    private static int AtomsOf(LinearSpec linear, LinearForm form)
        => form == LinearForm.Dictionary ? Math.Max(1, (Math.Min(linear.DIn, linear.DOut) * 2 / 3) + 1) : linear.DIn;

    private LinearFactors Quantize(LinearSpec linear, LinearForm form)
    {
        int k = AtomsOf(linear, form);
        byte[] mask = form == LinearForm.Dense ? [] : new byte[FactoredLinear.MaskStride(k) * linear.DOut];
        for (int i = 0; i < linear.DOut * k && mask.Length > 0; i++)
        {
            mask[(i / k * FactoredLinear.MaskStride(k)) + (i % k / 8)] |= (byte)(_random.NextDouble() < 0.6 ? 1 << (i % k % 8) : 0);
        }

        return LinearFactors.Pack(Codes(linear.DOut, k), mask, form == LinearForm.Dictionary ? Codes(k, linear.DIn) : null, _type);
    }

    // Values of at most an eighth.
    private QuantizedMatrix Codes(int rows, int columns)
    {
        var matrix = new QuantizedMatrix(rows, columns, _quantization!);
        foreach (ref byte code in matrix.Codes)
        {
            code = (byte)_random.Next(_quantization!.LargestCode + 1);
        }

        matrix.Scales.Fill((Half)(0.25f / (_quantization!.LargestCode + 1)));
        matrix.Zeros.Fill((byte)(_quantization.LargestCode / 2));
        return matrix;
    }

    private FactoredLinear Add(string key, LinearFactors factors)
    {
        foreach (TensorInfo info in factors.Info.Tensors(""))
        {
            _tensors[key + info.Name] = (info with { Name = key + info.Name }, factors.Part(info.Name).ToArray());
        }

        return factors.Info;
    }

    private void AddPart(TensorView view, LinearSpec linear)
    {
        int rowBytes = linear.DIn * view.Info.Type.ByteSize();
        string name = linear.Key + ".weight";
        _tensors[name] = (new TensorInfo(name, view.Info.Type, [linear.DOut, linear.DIn]), view.Slice((long)linear.Fused!.FirstRow * rowBytes, linear.DOut * rowBytes).ToArray());
    }

    private void Save()
    {
        File.WriteAllText(_folder.At("config.json"), _config.ToJsonString());
        using FileStream stream = File.Create(_folder.At("model.safetensors"));
        (TensorInfo Info, byte[] Bytes)[] ordered = [.. _tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)];
        using var writer = new SafetensorsWriter(stream, [.. ordered.Select(tensor => tensor.Info)]);
        foreach ((TensorInfo info, byte[] bytes) in ordered)
        {
            writer.Write(info.Name, bytes);
        }

        writer.Complete();
    }
}
