using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

namespace Rocket.Models.Architectures.Families;

/// <summary>Llama 1 to 3.x, SmolLM 2, TinyLlama and all that share their layout.</summary>
internal sealed class LlamaFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 2048 };

    public string ModelType => "llama";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var rope = RopeReader.Read(config, layout.Sizes, Defaults);
        var activation = Activations.Read(config, "hidden_act", "silu");
        bool attentionBias = config.Flag("attention_bias", false);
        bool feedForwardBias = config.Flag("mlp_bias", false);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer, rope, attentionBias, attentionBias),
            layout.FeedForward(layer, activation, feedForwardBias)));
    }
}
