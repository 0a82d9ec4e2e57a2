using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Families;

/// <summary>SmolLM 3: Llama whose every fourth layer has no positions.</summary>
internal sealed class SmolLm3Family : IFamily
{
    private const int DefaultInterval = 4;

    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 32_768, KeyValueHeads = 4, RopeTheta = 2_000_000, IsTied = true, HasAttentionBiasKey = true, HasFeedForwardBiasKey = true };

    public string ModelType => "smollm3";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        bool[] hasRope = RotatedLayers(config, layout.Sizes.Layers);
        int? window = config.Flag("use_sliding_window", false) ? AttentionWindows.Width(config, null) : null;

        // Without use_sliding_window, transformers ignores whatever layer_types says.
        var windows = window is null
            ? [.. new int?[layout.Sizes.Layers]]
            : AttentionWindows.Read(config, layout.Sizes.Layers, window, layer => !hasRope[layer]);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer) with { Rope = hasRope[layer] ? layout.Rope : null, Window = windows[layer] },
            layout.FeedForward(layer)));
    }

    // Despite its name, a 1 in no_rope_layers means that the layer is rotated.
    private static bool[] RotatedLayers(ConfigObject config, int layers)
    {
        if (config.OptionalIntegers("no_rope_layers") is not { } flags)
        {
            int interval = config.OptionalSize("no_rope_layer_interval", int.MaxValue) ?? DefaultInterval;
            return [.. Enumerable.Range(1, layers).Select(position => position % interval != 0)];
        }

        return flags.Length == layers
            ? [.. flags.Select(flag => flag != 0)]
            : throw ArchitectureErrors.WrongLength(config.File, "no_rope_layers", flags.Length, layers);
    }
}
