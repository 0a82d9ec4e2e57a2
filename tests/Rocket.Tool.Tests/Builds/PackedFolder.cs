using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Reads a folder of the format <c>pack-quantized</c> by what compressed-tensors says of it, beside the artifact that it was made from.</summary>
/// <param name="folder">The folder.</param>
/// <param name="artifact">The artifact.</param>
internal sealed class PackedFolder(string folder, string artifact) : IDisposable
{
    // Modules by name, each with the digest of its weight's float32 values. It takes nothing but Python's own library.
    private const string Reader = """
        import hashlib, json, math, struct, sys

        with open(sys.argv[1] + "/config.json", encoding="utf-8") as file:
            config = json.load(file)["quantization_config"]
        with open(sys.argv[1] + "/model.safetensors", "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            data = file.read()

        def tensor(name, code, shape):
            info = header[name]
            assert info["shape"] == shape, (name, info["shape"], shape)
            return struct.unpack(f"<{math.prod(shape)}{code}", data[slice(*info["data_offsets"])])

        def weight(module, arguments):
            bits, size = arguments["num_bits"], arguments["group_size"]
            fit, offset = 32 // bits, 1 << (bits - 1)
            rows, columns = tensor(module + ".weight_shape", "q", [2])
            words, groups = -(-columns // fit), columns // size
            packed = tensor(module + ".weight_packed", "i", [rows, words])
            zeros = tensor(module + ".weight_zero_point", "i", [-(-rows // fit), groups])
            scales = tensor(module + ".weight_scale", "e", [rows, groups])
            signed = lambda word, place: (word >> bits * place & (1 << bits) - 1) - offset
            values = [(signed(packed[r * words + c // fit], c % fit) - signed(zeros[r // fit * groups + c // size], r % fit)) * scales[r * groups + c // size]
                      for r in range(rows) for c in range(columns)]
            return hashlib.sha256(struct.pack(f"<{len(values)}f", *values)).hexdigest()

        print(json.dumps({module: weight(module, group["weights"]) for group in config["config_groups"].values() for module in group["targets"]}))
        """;

    private readonly Checkpoint _packed = Checkpoint.Open(folder);
    private readonly Checkpoint _artifact = Checkpoint.Open(artifact);
    private readonly RocketSection _section = RocketSection.TryRead(Path.Combine(artifact, "config.json"))!;

    /// <summary>The folder's tensors.</summary>
    public Checkpoint Checkpoint => _packed;

    /// <summary>What config.json says of the format; null: nothing.</summary>
    public JsonNode? Config { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!["quantization_config"];

    /// <summary>The packed modules by name, with what their group says of their weights.</summary>
    public Dictionary<string, JsonNode> Targets => Config!["config_groups"]!.AsObject()
        .SelectMany(group => group.Value!["targets"]!.AsArray().Select(target => ((string)target!, group.Value["weights"]!)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The modules that are not packed.</summary>
    public string[] Ignored => [.. Config!["ignore"]!.AsArray().Select(name => (string)name!)];

    /// <summary>The weight of a packed module, as the specification has it: (code - zero point) * scale, both numbers with a sign.</summary>
    public float[] Unpack(string module)
    {
        int bits = (int)Targets[module]["num_bits"]!;
        int size = (int)Targets[module]["group_size"]!;
        int fit = 32 / bits;
        ReadOnlySpan<long> shape = Tensor<long>(module + ".weight_shape", TensorType.I64, [2]);
        (int rows, int columns) = ((int)shape[0], (int)shape[1]);
        int groups = columns / size;
        ReadOnlySpan<int> packed = Tensor<int>(module + ".weight_packed", TensorType.I32, [rows, columns / fit]);
        ReadOnlySpan<int> zeros = Tensor<int>(module + ".weight_zero_point", TensorType.I32, [rows / fit, groups]);
        ReadOnlySpan<Half> scales = Tensor<Half>(module + ".weight_scale", TensorType.F16, [rows, groups]);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = (i / columns, i % columns);
            int code = Signed(packed[(row * columns / fit) + (column / fit)], column % fit, bits);
            int zero = Signed(zeros[(row / fit * groups) + (column / size)], row % fit, bits);
            values[i] = (code - zero) * (float)scales[(row * groups) + (column / size)];
        }

        return values;
    }

    /// <summary>The weight of a module as the artifact's own factors have it.</summary>
    public float[] Expected(string module)
        => _section.Linears.ContainsKey(module) ? Expand(module)
        : [.. Enumerable.Range(0, int.MaxValue).Select(part => $"{module}.{part}").TakeWhile(_section.Linears.ContainsKey).SelectMany(Expand)];

    /// <summary>Checks that both readers find the artifact's own values in every packed module.</summary>
    public void AssertValues()
    {
        JsonObject digests = JsonNode.Parse(PythonArtifact.Run("-c", Reader, folder))!.AsObject();
        Assert.Equal(Targets.Keys.Order(StringComparer.Ordinal), digests.Select(digest => digest.Key).Order(StringComparer.Ordinal));
        foreach (string module in Targets.Keys)
        {
            float[] expected = Expected(module);
            Assert.Equal(expected, Unpack(module));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(expected))), (string)digests[module]!);
        }
    }

    /// <summary>Checks that every matrix of the source is a packed module or an ignored one, and that the ignored ones are as a dense export has them.</summary>
    /// <param name="dense">The dense export, in the source's types.</param>
    public void AssertTensors(string dense)
    {
        using Checkpoint source = Checkpoint.Open(dense);
        HashSet<string> names = [.. _packed.Tensors.Select(tensor => tensor.Name)];
        foreach (TensorInfo tensor in source.Tensors)
        {
            string module = tensor.Name[..tensor.Name.LastIndexOf('.')];
            if (tensor.Name == module + ".weight" && Targets.ContainsKey(module))
            {
                Assert.All((string[])["packed", "scale", "zero_point", "shape"], part => Assert.True(names.Remove($"{module}.weight_{part}"), $"{module}.weight_{part}"));
                Assert.DoesNotContain(module, Ignored);
                continue;
            }

            Assert.True(names.Remove(tensor.Name), tensor.Name);
            Assert.Equal(tensor.Type, _packed.Get(tensor.Name).Info.Type);
            Assert.True(source.Get(tensor.Name).Bytes.SequenceEqual(_packed.Get(tensor.Name).Bytes), tensor.Name);
            Assert.True(tensor.Shape.Length != 2 || Ignored.Contains(module), tensor.Name);
        }

        Assert.Empty(names);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        _artifact.Dispose();
    }

    private static int Signed(int word, int place, int bits) => ((word >> (bits * place)) & ((1 << bits) - 1)) - (1 << (bits - 1));

    private float[] Expand(string key)
    {
        FactoredLinear linear = _section.Linears[key];
        float[] values = new float[linear.DOut * linear.DIn];
        new LinearFactors(linear, suffix => _artifact.Get(key + suffix).Bytes.ToArray()).Expand(values);
        return values;
    }

    private ReadOnlySpan<T> Tensor<T>(string name, TensorType type, long[] shape)
        where T : unmanaged
    {
        TensorView view = _packed.Get(name);
        Assert.Equal(type, view.Info.Type);
        Assert.Equal(shape, view.Info.Shape);
        return MemoryMarshal.Cast<byte, T>(view.Bytes);
    }
}
