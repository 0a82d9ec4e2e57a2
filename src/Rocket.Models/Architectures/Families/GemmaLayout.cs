using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>What Gemma 2 and 3 share: norms with factor 1 + w around both halves of a block, scaled embeddings, a tied head with a soft cap.</summary>
internal static class GemmaLayout
{
    /// <summary>The key that names the activation.</summary>
    public const string ActivationKey = "hidden_activation";

    /// <summary>The activation where that key is missing.</summary>
    public const string Activation = "gelu_pytorch_tanh";

    /// <summary>The width that both families scale the queries by where config.json is silent.</summary>
    private const double DefaultQueryScalar = 256;

    /// <summary>The norm with factor 1 + w.</summary>
    public static NormSpec UnitOffset(NormSpec norm) => norm with { UnitOffset = true };

    /// <summary>The factor of the scores, query_pre_attn_scalar^(-1/2).</summary>
    public static float Scale(ConfigObject config) => (float)(1 / Math.Sqrt(config.OptionalPositive("query_pre_attn_scalar") ?? DefaultQueryScalar));

    /// <summary>A block with four norms.</summary>
    public static BlockSpec Block(DecoderLayout layout, int layer, AttentionSpec attention, FeedForwardSpec feedForward) => new()
    {
        Index = layer,
        Attention = attention,
        FeedForward = feedForward,
        PreAttentionNorm = UnitOffset(layout.Norm(layer, "input_layernorm")),
        PostAttentionNorm = UnitOffset(layout.Norm(layer, "post_attention_layernorm")),
        PreFeedForwardNorm = UnitOffset(layout.Norm(layer, "pre_feedforward_layernorm")),
        PostFeedForwardNorm = UnitOffset(layout.Norm(layer, "post_feedforward_layernorm")),
    };

    /// <summary>The decoder with embeddings times sqrt(hidden) and a soft cap of the logits.</summary>
    public static DecoderSpec Decoder(DecoderLayout layout, string modelType, float? softCap, Func<int, BlockSpec> block)
    {
        var decoder = layout.Decoder(modelType, block);
        return decoder with
        {
            Embedding = decoder.Embedding with { Multiplier = (float)Math.Sqrt(layout.Sizes.Hidden) },
            FinalNorm = UnitOffset(decoder.FinalNorm),
            Head = decoder.Head with { SoftCap = softCap },
        };
    }

    /// <summary>A soft cap; null switches it off, a missing key means the family's default.</summary>
    public static float? SoftCap(ConfigObject config, string key, float? fallback)
        => config.IsNull(key) ? null : (float?)config.OptionalPositive(key) ?? fallback;
}
