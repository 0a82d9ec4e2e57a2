using System.Text.Json.Nodes;
using Rocket.Inference.Tests.Kernels;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Tests.Weights;

/// <summary>Turns a small model into an artifact whose linears are by turns in the dictionary form, in the sparse form and dense. Fused weights are by turns one linear and those that they hold.</summary>
internal sealed class MixedArtifact : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (TensorInfo Info, byte[] Bytes)> _tensors = new(StringComparer.Ordinal);
    private readonly JsonObject _config;

    public MixedArtifact(string source, TensorType type, int seed = 1)
    {
        using Checkpoint checkpoint = Checkpoint.Open(source);
        DecoderSpec spec = Architecture.Read(System.IO.Path.Combine(source, "config.json"));
        var random = new Random(seed);
        LinearSpec[] linears = [.. spec.Blocks.SelectMany(Linears)];
        HashSet<string> touched = [.. linears.Where((_, i) => i % 3 < 2).Select(linear => linear.Tensor)];
        foreach (TensorInfo info in checkpoint.Tensors.Where(tensor => !touched.Contains(tensor.Name)))
        {
            _tensors[info.Name] = (info, checkpoint.Get(info.Name).Bytes.ToArray());
        }

        Dictionary<string, FactoredLinear> factored = [];
        for (int i = 0; i < linears.Length; i++)
        {
            if (i % 3 < 2)
            {
                factored[linears[i].Key] = AddFactors(linears[i], i % 3 == 0, type, random);
            }
            else if (touched.Contains(linears[i].Tensor))
            {
                AddPart(checkpoint.Get(linears[i].Tensor), linears[i]);
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

    private FactoredLinear AddFactors(LinearSpec linear, bool hasDictionary, TensorType type, Random random)
    {
        int k = hasDictionary ? Math.Max(1, (Math.Min(linear.DIn, linear.DOut) * 2 / 3) + 1) : linear.DIn;
        float[] coefficients = [.. Enumerable.Range(0, linear.DOut * k).Select(_ => random.NextDouble() < 0.4 ? 0 : KernelProblem.Round((random.NextSingle() - 0.5f) / 4, type))];
        float[] dictionary = [.. Enumerable.Range(0, hasDictionary ? k * linear.DIn : 0).Select(_ => KernelProblem.Round((random.NextSingle() - 0.5f) / 4, type))];
        LinearFactors factors = LinearFactors.Pack(coefficients, KernelProblem.Bytes(dictionary, type), linear.DIn, linear.DOut, k, type);
        foreach (TensorInfo info in factors.Info.Tensors(linear.Key))
        {
            _tensors[info.Name] = (info, info.Name.EndsWith(FactoredLinear.MaskSuffix, StringComparison.Ordinal) ? factors.Mask.ToArray()
                : info.Name.EndsWith(FactoredLinear.ValuesSuffix, StringComparison.Ordinal) ? factors.Values.ToArray() : factors.Dictionary.ToArray());
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
