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

    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 131_072, KeyValueHeads = 4, HeadSize = 256, RopeTheta = 1_000_000, IsTied = true };

    public string ModelType => "gemma3_text";

    public DecoderSpec Read(ConfigObject config)
    {
        Refuse(config, config.Flag("use_bidirectional_attention", false), "use_bidirectional_attention", "causal attention");
        Refuse(config, config.Has("attn_logit_softcapping"), "attn_logit_softcapping", "this family without a soft cap of the scores");
        var layout = new DecoderLayout(config, Defaults);
        var activation = Activations.Read(config, "hidden_activation", "gelu_pytorch_tanh");
        float? logitCap = GemmaLayout.SoftCap(config, "final_logit_softcapping", null);
        int? window = config.IsNull("sliding_window") ? null : config.OptionalSize("sliding_window", int.MaxValue) ?? DefaultWindow;
        int pattern = config.OptionalSize("sliding_window_pattern", int.MaxValue)
            ?? config.OptionalSize("_sliding_window_pattern", int.MaxValue) ?? DefaultPattern;
        var windows = AttentionWindows.Read(config, layout.Sizes.Layers, window, layer => (layer + 1) % pattern != 0);
        var (global, local) = Ropes(config, layout.Sizes);
        return GemmaLayout.Decoder(layout, ModelType, logitCap, layer => GemmaLayout.Block(
            layout,
            layer,
            GemmaLayout.Attention(config, layout, layer, windows[layer] is null ? global : local) with
            {
                QueryNorm = GemmaLayout.UnitOffset(layout.Norm(layer, "self_attn.q_norm", layout.Sizes.HeadSize)),
                KeyNorm = GemmaLayout.UnitOffset(layout.Norm(layer, "self_attn.k_norm", layout.Sizes.HeadSize)),
                Window = windows[layer],
            },
            layout.FeedForward(layer, activation)));
    }

    // The newer form nests rope_parameters by layer type; in the older one, scaling holds for layers without a window only.
    private static (RopeSpec Global, RopeSpec Local) Ropes(ConfigObject config, ModelSizes sizes)
    {
        double localTheta = config.OptionalPositive("rope_local_base_freq") ?? DefaultLocalTheta;
        var nested = config.Child("rope_parameters");
        if (nested is not null && (nested.Has(AttentionWindows.Full) || nested.Has(AttentionWindows.Sliding)))
        {
            var full = nested.Child(AttentionWindows.Full);
            var sliding = nested.Child(AttentionWindows.Sliding);
            double theta = full?.OptionalPositive("rope_theta") ?? config.OptionalPositive("rope_theta") ?? Defaults.RopeTheta;
            return (
                RopeReader.Create(config, full, sizes, theta, sizes.HeadSize),
                RopeReader.Create(config, sliding, sizes, sliding?.OptionalPositive("rope_theta") ?? localTheta, sizes.HeadSize));
        }

        return (
            RopeReader.Read(config, sizes, Defaults),
            RopeReader.Create(config, null, sizes, localTheta, sizes.HeadSize));
    }

    private static void Refuse(ConfigObject config, bool isSet, string key, string supported)
    {
        if (isSet)
        {
            throw ArchitectureErrors.Unsupported(config.File, key, config.Quote(key), supported);
        }
    }
}
