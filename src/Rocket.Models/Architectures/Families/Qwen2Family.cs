using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Qwen 2 and 2.5: Llama with biases of query, key and value that no key announces.</summary>
internal sealed class Qwen2Family : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 32_768, KeyValueHeads = 32 };

    public string ModelType => "qwen2";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var windows = QwenWindows.Read(config, layout.Sizes.Layers);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer, hasInputBias: true) with { Window = windows[layer] },
            layout.FeedForward(layer)));
    }
}
