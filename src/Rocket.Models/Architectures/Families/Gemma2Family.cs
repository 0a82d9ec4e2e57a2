using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

namespace Rocket.Models.Architectures.Families;

/// <summary>Gemma 2: soft caps of scores and logits, a sliding window in every other layer from the first on.</summary>
internal sealed class Gemma2Family : IFamily
{
    private const int DefaultWindow = 4096;

    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 8192, KeyValueHeads = 4, HeadSize = 256, IsTied = true };

    public string ModelType => "gemma2";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        var rope = RopeReader.Read(config, layout.Sizes, Defaults);
        var activation = Activations.Read(config, "hidden_activation", "gelu_pytorch_tanh");
        float? scoreCap = GemmaLayout.SoftCap(config, "attn_logit_softcapping", 50);
        float? logitCap = GemmaLayout.SoftCap(config, "final_logit_softcapping", 30);
        int? window = config.IsNull("sliding_window") ? null : config.OptionalSize("sliding_window", int.MaxValue) ?? DefaultWindow;
        var windows = AttentionWindows.Read(config, layout.Sizes.Layers, window, layer => layer % 2 == 0);
        return GemmaLayout.Decoder(layout, ModelType, logitCap, layer => GemmaLayout.Block(
            layout,
            layer,
            GemmaLayout.Attention(config, layout, layer, rope) with { SoftCap = scoreCap, Window = windows[layer] },
            layout.FeedForward(layer, activation)));
    }
}
