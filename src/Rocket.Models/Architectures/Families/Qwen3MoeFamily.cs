using System.Collections.Immutable;
using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Qwen 3 with mixtures of experts in every <c>decoder_sparse_step</c>-th layer that <c>mlp_only_layers</c> does not name.</summary>
internal sealed class Qwen3MoeFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 32_768, KeyValueHeads = 4, HasAttentionBiasKey = true };

    public string ModelType => "qwen3_moe";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        int? window = QwenWindows.Window(config);
        var mixture = Mixture.Read(config, layout.Sizes, defaultExperts: 128, defaultTopK: 8);
        int expertWidth = config.OptionalSize("moe_intermediate_size", ModelSizes.MaxWidth) ?? 768;
        bool renormalize = config.Flag("norm_topk_prob", false);
        int step = config.OptionalSize("decoder_sparse_step", int.MaxValue) ?? 1;
        var denseLayers = (config.OptionalIntegers("mlp_only_layers") ?? []).ToImmutableHashSet();

        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            layout.AttentionWithHeadNorms(layer) with { Window = window },
            denseLayers.Contains(layer) || (layer + 1) % step != 0 ? layout.FeedForward(layer) : Experts(layer)));

        FeedForwardSpec Experts(int layer) => mixture.FeedForward(
            layout.Activation,
            DecoderLayout.Module(layer, "mlp.gate"),
            layout.Sizes.Hidden,
            renormalize,
            expert => layout.Expert(DecoderLayout.Module(layer, $"mlp.experts.{expert}"), expertWidth, expert));
    }
}
