using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Granite 3: Llama with multipliers of embeddings, scores, residual branches and logits.</summary>
internal sealed class GraniteFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 2048, HasAttentionBiasKey = true, HasFeedForwardBiasKey = true };

    public string ModelType => "granite";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        float scale = Multiplier(config, "attention_multiplier");
        float residual = Multiplier(config, "residual_multiplier");
        var decoder = layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer) with { Scale = scale },
            layout.FeedForward(layer)) with
        {
            ResidualMultiplier = residual,
        });
        return decoder with
        {
            Embedding = decoder.Embedding with { Multiplier = Multiplier(config, "embedding_multiplier") },
            Head = decoder.Head with { LogitsDivisor = Multiplier(config, "logits_scaling") },
        };
    }

    private static float Multiplier(ConfigObject config, string key) => (float)(config.OptionalPositive(key) ?? 1);
}
