using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

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
        var rope = RopeReader.Read(config, layout.Sizes, Defaults);
        var activation = Activations.Read(config, "hidden_act", "silu");
        int? window = config.IsNull("sliding_window") ? null : config.OptionalSize("sliding_window", int.MaxValue) ?? DefaultWindow;
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.Attention(layer, rope) with { Window = window },
            layout.FeedForward(layer, activation)));
    }
}
