using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Llama 1 to 3.x, SmolLM 2, TinyLlama and all that share their layout.</summary>
internal sealed class LlamaFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 2048, HasAttentionBiasKey = true, HasFeedForwardBiasKey = true };

    public string ModelType => "llama";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        return layout.Decoder(ModelType, layer => layout.Block(layer, layout.Attention(layer), layout.FeedForward(layer)));
    }
}
