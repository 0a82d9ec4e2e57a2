using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Asks the Python file of an artifact what it would do.</summary>
internal static class PythonArtifact
{
    // Stands in for the libraries that are not here; only what runs at import is asked of them.
    private const string Import = """
        import json, struct, sys, types

        class Anything(types.ModuleType):
            def __getattr__(self, name):
                return type(name, (), {})

        for name in ("torch", "torch.nn", "torch.nn.functional", "transformers", "safetensors", "safetensors.torch"):
            sys.modules[name] = Anything(name)
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], child, sys.modules[name])
        sys.dont_write_bytecode = True
        sys.path.insert(0, sys.argv[1])
        import modeling_rocket

        with open(sys.argv[1] + "/config.json", encoding="utf-8") as file:
            config = json.load(file)

        """;

    private const string Shapes = """
        module, name = config["auto_map"]["AutoModelForCausalLM"].split(".")
        assert module == "modeling_rocket" and hasattr(getattr(modeling_rocket, name), "from_pretrained")
        print(json.dumps({f"{key}.{part}": shape for key, linear in config["rocket"]["linears"].items()
                          for part, shape in modeling_rocket.tensor_shapes(linear).items()}))
        """;

    // A model with the source's modules, whose layers tell what they are put together of.
    private const string Modules = """
        with open(sys.argv[1] + "/model.safetensors", "rb") as file:
            tensors = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        model = types.SimpleNamespace(named_modules=lambda: [(name, types.SimpleNamespace(bias=None)) for name in sys.argv[2:]])
        put = {}
        modeling_rocket.dequantize = lambda key, linear, tensors: None
        modeling_rocket.RocketLinear = lambda linear, bias: f"factored {linear['d_out']}"
        modeling_rocket.dense_part = lambda tensor: f"dense {tensor['shape'][0]}"
        modeling_rocket.RocketFused = lambda parts: ", ".join(parts)
        modeling_rocket.put = lambda _, name, module: put.__setitem__(name, module)
        modeling_rocket.replace_linears(model, config["rocket"]["linears"], tensors)
        print(json.dumps(put))
        """;

    /// <summary>Checks that the file expects the factors' tensors as the artifact has them.</summary>
    public static void AssertShapes(string artifact)
    {
        JsonObject expected = JsonNode.Parse(Run("-c", Import + Shapes, artifact))!.AsObject();
        using Checkpoint checkpoint = Checkpoint.Open(artifact);
        string[] suffixes =
        [
            FactoredLinear.DictionarySuffix, FactoredLinear.DictionaryScaleSuffix, FactoredLinear.DictionaryZeroSuffix,
            FactoredLinear.MaskSuffix, FactoredLinear.ValuesSuffix, FactoredLinear.ScaleSuffix, FactoredLinear.ZeroSuffix,
        ];
        TensorInfo[] factors = [.. checkpoint.Tensors.Where(tensor => suffixes.Any(suffix => tensor.Name.EndsWith(suffix, StringComparison.Ordinal)))];
        Assert.NotEmpty(factors);
        Assert.Equal(factors.Select(tensor => tensor.Name), expected.Select(tensor => tensor.Key).Order(StringComparer.Ordinal));
        foreach (TensorInfo tensor in factors)
        {
            Assert.Equal(tensor.Shape, expected[tensor.Name]!.AsArray().Select(size => (long)size!));
        }
    }

    /// <summary>What the file puts in the place of modules: <c>factored ROWS</c> or <c>dense ROWS</c>, of each part where there are several.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="modules">Names of the source's modules.</param>
    public static Dictionary<string, string> Replacements(string artifact, IEnumerable<string> modules)
        => JsonNode.Parse(Run(["-c", Import + Modules, artifact, .. modules]))!.AsObject().ToDictionary(module => module.Key, module => (string)module.Value!, StringComparer.Ordinal);

    /// <summary>Runs Python to its end.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
