using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Artifacts;

/// <summary>The config.json of an artifact: the source's, with the <c>rocket</c> section and the class that loads it in Python.</summary>
internal static class ArtifactConfig
{
    /// <summary>The file's bytes.</summary>
    /// <param name="sourcePath">config.json of the source.</param>
    /// <param name="section">The section, or null for a dense export.</param>
    /// <param name="dense">The dense export's type replaces the source's where it is given.</param>
    public static byte[] Create(string sourcePath, RocketSection? section, DenseExport? dense)
    {
        JsonObject config = (JsonObject)JsonNode.Parse(File.ReadAllBytes(sourcePath))!;
        if (section is not null)
        {
            config["rocket"] = section.ToJson();
            config["auto_map"] = new JsonObject { ["AutoModelForCausalLM"] = PythonModel.ClassReference };
        }

        if (dense?.Type is { } type)
        {
            string name = type switch
            {
                TensorType.F16 => "float16",
                TensorType.BF16 => "bfloat16",
                _ => "float32",
            };
            config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = name;
        }

        return ArtifactJson.Serialize(config);
    }
}
