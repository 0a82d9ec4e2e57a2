using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>modeling_rocket.py as far as it can be tested without PyTorch: it compiles, and it expects the tensors that the artifact holds.</summary>
public sealed class PythonModelTests(BuiltStories built)
{
    [Fact]
    public void It_compiles()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.At("modeling_rocket.py");
        File.Copy(Path.Combine(built.Artifact, "modeling_rocket.py"), copy);
        PythonArtifact.Run("-W", "error", "-m", "py_compile", copy);
    }

    [Fact]
    public void It_expects_the_names_and_shapes_of_the_artifacts_factors() => PythonArtifact.AssertShapes(built.Artifact);

    [Fact]
    public void It_expects_the_names_and_shapes_of_codes_in_every_form()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(built.Artifact, "modeling_rocket.py"), folder.At("modeling_rocket.py"));
        (string Key, FactoredLinear Linear)[] linears =
        [
            ("dense", new FactoredLinear(LinearForm.Dense, 70, 9, 70, 630, TensorType.BF16) { Quantization = new Quantization(5, 32) }),
            ("sparse", new FactoredLinear(LinearForm.Sparse, 33, 3, 33, 41, TensorType.F16) { Quantization = new Quantization(3, 64) }),
            ("dictionary", new FactoredLinear(LinearForm.Dictionary, 65, 11, 7, 25, TensorType.F32) { Quantization = new Quantization(6, 64) }),
            ("floats", new FactoredLinear(LinearForm.Dictionary, 65, 11, 7, 25, TensorType.F32)),
        ];
        var config = new JsonObject
        {
            ["auto_map"] = new JsonObject { ["AutoModelForCausalLM"] = "modeling_rocket.RocketForCausalLM" },
            ["rocket"] = new RocketSection(linears.Select(linear => KeyValuePair.Create(linear.Key, linear.Linear))).ToJson(),
        };
        File.WriteAllText(folder.At("config.json"), config.ToJsonString());
        TensorInfo[] tensors = [.. linears.SelectMany(linear => linear.Linear.Tensors(linear.Key))];
        using (FileStream stream = File.Create(folder.At("model.safetensors")))
        using (var writer = new SafetensorsWriter(stream, tensors))
        {
            foreach (TensorInfo tensor in tensors)
            {
                writer.Write(tensor.Name, new byte[tensor.ByteLength]);
            }

            writer.Complete();
        }

        PythonArtifact.AssertShapes(folder.Path);
    }
}
