using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Gemma 2: soft caps of scores and logits, a sliding window in every other layer from the first on.</summary>
internal sealed class Gemma2Family : IFamily
{
    private const int DefaultWindow = 4096;

    private static readonly FamilyDefaults Defaults = new()
    {
        MaxPositions = 8192,
        KeyValueHeads = 4,
        HeadSize = 256,
        IsTied = true,
        ActivationKey = GemmaLayout.ActivationKey,
        Activation = GemmaLayout.Activation,
        HasAttentionBiasKey = true,
    };

    public string ModelType => "gemma2";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        float? scoreCap = GemmaLayout.SoftCap(config, "attn_logit_softcapping", 50);
        float? logitCap = GemmaLayout.SoftCap(config, "final_logit_softcapping", 30);
        int? window = AttentionWindows.Width(config, DefaultWindow);
        var windows = AttentionWindows.Read(config, layout.Sizes.Layers, window, layer => layer % 2 == 0);
        return GemmaLayout.Decoder(layout, ModelType, logitCap, layer => GemmaLayout.Block(
            layout,
            layer,
            layout.Attention(layer) with { Scale = GemmaLayout.Scale(config), SoftCap = scoreCap, Window = windows[layer] },
            layout.FeedForward(layer)));
    }
}
