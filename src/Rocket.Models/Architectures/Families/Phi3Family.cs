using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Families;

/// <summary>Phi 3, 3.5 and 4: Llama with fused projections; longer contexts by LongRoPE, partly rotated heads in Phi-4-mini.</summary>
internal sealed class Phi3Family : IFamily
{
    private static readonly FamilyDefaults Defaults = new() { MaxPositions = 4096, Epsilon = 1e-5 };

    public string ModelType => "phi3";

    public DecoderSpec Read(ConfigObject config)
    {
        foreach (string key in (string[])["attention_bias", "mlp_bias", "lm_head_bias"])
        {
            if (config.Flag(key, false))
            {
                throw ArchitectureErrors.Unsupported(config.File, key, "true", "this family without biases");
            }
        }

        var layout = new DecoderLayout(config, Defaults, RopeReader.ReadPartial);
        int? window = AttentionWindows.Width(config, null);
        return layout.Decoder(ModelType, layer => layout.Block(
            layer,
            Attention(layout, layer) with { Window = window },
            FeedForward(layout, layer)));
    }

    // Rows of qkv_proj: all query heads, then all key heads, then all value heads.
    private static AttentionSpec Attention(DecoderLayout layout, int layer)
    {
        var sizes = layout.Sizes;
        string name = DecoderLayout.Module(layer, "self_attn.qkv_proj");
        int total = sizes.QueryWidth + (2 * sizes.KeyValueWidth);
        return layout.Attention(layer) with
        {
            Query = Part(0, 0, sizes.QueryWidth),
            Key = Part(1, sizes.QueryWidth, sizes.KeyValueWidth),
            Value = Part(2, sizes.QueryWidth + sizes.KeyValueWidth, sizes.KeyValueWidth),
        };

        LinearSpec Part(int index, int firstRow, int rows)
            => new(name, sizes.Hidden, rows, new(InputKind.Attention), Fused: new(index, firstRow, total));
    }

    // Rows of gate_up_proj: the gate's, then the up projection's.
    private static FeedForwardSpec FeedForward(DecoderLayout layout, int layer)
    {
        int width = layout.Sizes.Intermediate;
        string name = DecoderLayout.Module(layer, "mlp.gate_up_proj");
        var down = layout.Expert(DecoderLayout.Module(layer, "mlp"), width).Down;
        return new(layout.Activation, [new ExpertSpec(Part(0), Part(1), down)]);

        LinearSpec Part(int index)
            => new(name, layout.Sizes.Hidden, width, new(InputKind.FeedForward), Fused: new(index, index * width, 2 * width));
    }
}
