using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

namespace Rocket.Models.Architectures.Families;

/// <summary>Qwen 3: Llama with a norm of each head's query and key, and heads of a width of their own.</summary>
internal sealed class Qwen3Family : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 32_768, KeyValueHeads = 32, HeadSize = 128 };

    public string ModelType => "qwen3";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var rope = RopeReader.Read(config, layout.Sizes, Defaults);
        var activation = Activations.Read(config, "hidden_act", "silu");
        bool hasBias = config.Flag("attention_bias", false);
        var windows = QwenWindows.Read(config, layout.Sizes.Layers);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer, rope, hasBias, hasBias) with
            {
                QueryNorm = layout.Norm(layer, "self_attn.q_norm", layout.Sizes.HeadSize),
                KeyNorm = layout.Norm(layer, "self_attn.k_norm", layout.Sizes.HeadSize),
                Window = windows[layer],
            },
            layout.FeedForward(layer, activation)));
    }
}
