using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>modeling_rocket.py as far as it can be tested without PyTorch: it compiles, and it expects the tensors that the artifact holds.</summary>
public sealed class PythonModelTests(BuiltStories built)
{
    // Stands in for the libraries that are not here; only what runs at import is asked of them.
    private const string Script = """
        import json, sys, types

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
        module, name = config["auto_map"]["AutoModelForCausalLM"].split(".")
        assert module == "modeling_rocket" and hasattr(getattr(modeling_rocket, name), "from_pretrained")
        print(json.dumps({f"{key}.{part}": shape for key, linear in config["rocket"]["linears"].items()
                          for part, shape in modeling_rocket.tensor_shapes(linear).items()}))
        """;

    [Fact]
    public void It_compiles()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.At("modeling_rocket.py");
        File.Copy(Path.Combine(built.Artifact, "modeling_rocket.py"), copy);
        RunPython("-W", "error", "-m", "py_compile", copy);
    }

    [Fact]
    public void It_expects_the_names_and_shapes_of_the_artifacts_factors()
    {
        JsonObject expected = JsonNode.Parse(RunPython("-c", Script, built.Artifact))!.AsObject();
        using Checkpoint checkpoint = Checkpoint.Open(built.Artifact);
        string[] suffixes = [FactoredLinear.DictionarySuffix, FactoredLinear.MaskSuffix, FactoredLinear.ValuesSuffix];
        TensorInfo[] factors = [.. checkpoint.Tensors.Where(tensor => suffixes.Any(suffix => tensor.Name.EndsWith(suffix, StringComparison.Ordinal)))];
        Assert.NotEmpty(factors);
        Assert.Equal(factors.Select(tensor => tensor.Name), expected.Select(tensor => tensor.Key).Order(StringComparer.Ordinal));
        foreach (TensorInfo tensor in factors)
        {
            Assert.Equal(tensor.Shape, expected[tensor.Name]!.AsArray().Select(size => (long)size!));
        }
    }

    private static string RunPython(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
