using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Families;

/// <summary>Gemma 3 for text: norms of each head's query and key; layers with a window rotate with a base of their own.</summary>
internal sealed class Gemma3TextFamily : IFamily
{
    private const int DefaultWindow = 4096;
    private const int DefaultPattern = 6;
    private const double DefaultLocalTheta = 10_000;

    private static readonly FamilyDefaults Defaults = new()
    {
        MaxPositions = 131_072,
        KeyValueHeads = 4,
        HeadSize = 256,
        RopeTheta = 1_000_000,
        IsTied = true,
        ActivationKey = GemmaLayout.ActivationKey,
        Activation = GemmaLayout.Activation,
        HasAttentionBiasKey = true,
    };

    public string ModelType => "gemma3_text";

    public DecoderSpec Read(ConfigObject config)
    {
        Refuse(config, config.Flag("use_bidirectional_attention", false), "use_bidirectional_attention", "causal attention");
        Refuse(config, config.Has("attn_logit_softcapping"), "attn_logit_softcapping", "this family without a soft cap of the scores");
        var layout = new DecoderLayout(config, Defaults, GlobalRope);
        float? logitCap = GemmaLayout.SoftCap(config, "final_logit_softcapping", null);
        int? window = AttentionWindows.Width(config, DefaultWindow);
        int pattern = config.OptionalSize("sliding_window_pattern", int.MaxValue)
            ?? config.OptionalSize("_sliding_window_pattern", int.MaxValue) ?? DefaultPattern;
        var windows = AttentionWindows.Read(config, layout.Sizes.Layers, window, layer => (layer + 1) % pattern != 0);
        var local = LocalRope(config, layout.Sizes);
        return GemmaLayout.Decoder(layout, ModelType, logitCap, layer => GemmaLayout.Block(
            layout,
            layer,
            layout.Attention(layer) with
            {
                Scale = GemmaLayout.Scale(config),
                Rope = windows[layer] is null ? layout.Rope : local,
                QueryNorm = GemmaLayout.UnitOffset(layout.Norm(layer, "self_attn.q_norm", layout.Sizes.HeadSize)),
                KeyNorm = GemmaLayout.UnitOffset(layout.Norm(layer, "self_attn.k_norm", layout.Sizes.HeadSize)),
                Window = windows[layer],
            },
            layout.FeedForward(layer)));
    }

    private static RopeSpec GlobalRope(ConfigObject config, ModelSizes sizes, FamilyDefaults defaults)
    {
        if (Nested(config) is not { } nested)
        {
            return RopeReader.Read(config, sizes, defaults);
        }

        var full = nested.Child(AttentionWindows.Full);
        double theta = full?.OptionalPositive("rope_theta") ?? config.OptionalPositive("rope_theta") ?? defaults.RopeTheta;
        return RopeReader.Create(config, full, sizes, theta, sizes.HeadSize);
    }

    // In the older form, scaling holds for layers without a window only.
    private static RopeSpec LocalRope(ConfigObject config, ModelSizes sizes)
    {
        var sliding = Nested(config)?.Child(AttentionWindows.Sliding);
        double theta = sliding?.OptionalPositive("rope_theta") ?? config.OptionalPositive("rope_local_base_freq") ?? DefaultLocalTheta;
        return RopeReader.Create(config, sliding, sizes, theta, sizes.HeadSize);
    }

    // The newer form nests rope_parameters by layer type.
    private static ConfigObject? Nested(ConfigObject config)
        => config.Child("rope_parameters") is { } nested && (nested.Has(AttentionWindows.Full) || nested.Has(AttentionWindows.Sliding)) ? nested : null;

    private static void Refuse(ConfigObject config, bool isSet, string key, string supported)
    {
        if (isSet)
        {
            throw ArchitectureErrors.Unsupported(config.File, key, config.Quote(key), supported);
        }
    }
}
