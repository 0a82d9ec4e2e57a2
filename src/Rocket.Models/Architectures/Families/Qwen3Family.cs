using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Qwen 3: Llama with a norm of each head's query and key, and heads of a width of their own.</summary>
internal sealed class Qwen3Family : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 32_768, KeyValueHeads = 32, HeadSize = 128, HasAttentionBiasKey = true };

    public string ModelType => "qwen3";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var windows = QwenWindows.Read(config, layout.Sizes.Layers);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.AttentionWithHeadNorms(layer) with { Window = windows[layer] },
            layout.FeedForward(layer)));
    }
}
