using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Mistral: Llama with a sliding window in every layer.</summary>
internal sealed class MistralFamily : IFamily
{
    private const int DefaultWindow = 4096;

    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 131_072, KeyValueHeads = 8 };

    public string ModelType => "mistral";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        int? window = AttentionWindows.Width(config, DefaultWindow);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer) with { Window = window },
            layout.FeedForward(layer)));
    }
}
