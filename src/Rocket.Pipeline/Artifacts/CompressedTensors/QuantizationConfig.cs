using System.Text.Json.Nodes;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Artifacts.CompressedTensors;

/// <summary>The <c>quantization_config</c> of config.json, as the compressed-tensors library reads it.</summary>
internal static class QuantizationConfig
{
    /// <summary>Name of the member.</summary>
    public const string Member = "quantization_config";

    /// <summary>The member's value: one group for every width of codes and groups, its modules by name.</summary>
    /// <param name="packed">The packed modules with their codes.</param>
    /// <param name="ignored">All other modules that hold a matrix.</param>
    public static JsonObject Create(IEnumerable<(string Module, Quantization Quantization)> packed, IEnumerable<string> ignored)
    {
        var groups = new JsonObject();
        foreach (IGrouping<Quantization, string> group in packed
            .GroupBy(module => module.Quantization, module => module.Module)
            .OrderBy(group => group.Key.Bits)
            .ThenBy(group => group.Key.GroupSize))
        {
            groups[$"group_{groups.Count}"] = new JsonObject
            {
                ["targets"] = Names(group),
                ["weights"] = Weights(group.Key),
                ["input_activations"] = null,
                ["output_activations"] = null,
            };
        }

        return new JsonObject
        {
            ["quant_method"] = CompressedTensorsExport.LayoutName,
            ["format"] = "pack-quantized",
            ["quantization_status"] = "compressed",
            ["config_groups"] = groups,
            ["ignore"] = Names(ignored),
        };
    }

    private static JsonObject Weights(Quantization quantization) => new()
    {
        ["num_bits"] = quantization.Bits,
        ["type"] = "int",
        ["symmetric"] = false,
        ["strategy"] = "group",
        ["group_size"] = quantization.GroupSize,
        ["dynamic"] = false,
    };

    private static JsonArray Names(IEnumerable<string> modules) => [.. modules.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))];
}
