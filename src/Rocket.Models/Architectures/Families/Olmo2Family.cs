using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>OLMo 2: norms behind attention and feed-forward network, none before; query and key are normed as a whole.</summary>
internal sealed class Olmo2Family : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 2048, Epsilon = 1e-5, HasAttentionBiasKey = true };

    public string ModelType => "olmo2";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        return layout.Decoder(ModelType, layer => new()
        {
            Index = layer,
            Attention = layout.Attention(layer) with
            {
                QueryNorm = layout.Norm(layer, "self_attn.q_norm", layout.Sizes.QueryWidth),
                KeyNorm = layout.Norm(layer, "self_attn.k_norm", layout.Sizes.KeyValueWidth),
            },
            FeedForward = layout.FeedForward(layer),
            PostAttentionNorm = layout.Norm(layer, "post_attention_layernorm"),
            PostFeedForwardNorm = layout.Norm(layer, "post_feedforward_layernorm"),
        });
    }
}
