using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

namespace Rocket.Models.Architectures.Families;

/// <summary>Granite 3: Llama with multipliers of embeddings, scores, residual branches and logits.</summary>
internal sealed class GraniteFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 2048 };

    public string ModelType => "granite";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var rope = RopeReader.Read(config, layout.Sizes, Defaults);
        var activation = Activations.Read(config, "hidden_act", "silu");
        bool attentionBias = config.Flag("attention_bias", false);
        bool feedForwardBias = config.Flag("mlp_bias", false);
        float scale = Multiplier(config, "attention_multiplier");
        float residual = Multiplier(config, "residual_multiplier");
        var decoder = layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer, rope, attentionBias, attentionBias) with { Scale = scale },
            layout.FeedForward(layer, activation, feedForwardBias)) with
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
