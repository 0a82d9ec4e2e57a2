using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Mixtral: Mistral with a mixture of experts in every layer, whose weights are always renormalised.</summary>
internal sealed class MixtralFamily : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 131_072, KeyValueHeads = 8, Epsilon = 1e-5, RopeTheta = 1_000_000 };

    public string ModelType => "mixtral";

    public DecoderSpec Read(ConfigObject config)
    {
        var layout = new DecoderLayout(config, Defaults);
        int? window = AttentionWindows.Width(config, null);
        var mixture = Mixture.Read(config, layout.Sizes, defaultExperts: 8, defaultTopK: 2);
        return layout.Decoder(ModelType, layer => layout.Block(layer, layout.Attention(layer) with { Window = window }, Experts(layer)));

        FeedForwardSpec Experts(int layer) => mixture.FeedForward(
            layout.Activation,
            DecoderLayout.Module(layer, "block_sparse_moe.gate"),
            layout.Sizes.Hidden,
            renormalize: true,
            expert => layout.Expert(DecoderLayout.Module(layer, $"block_sparse_moe.experts.{expert}"), layout.Sizes.Intermediate, expert, "w1", "w3", "w2"));
    }
}
