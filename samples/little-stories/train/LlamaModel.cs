using Rocket.Compression.Execution;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LittleStories;

/// <summary>The forward pass of a Llama decoder in fp32.</summary>
internal sealed class LlamaModel
{
    private readonly Dictionary<string, Parameter> _weights = [];
    private readonly Tensor _cosine;
    private readonly Tensor _sine;

    private LlamaModel(ModelShape shape, Func<string, long[], Tensor> weight)
    {
        Shape = shape;
        foreach (var (name, sizes) in shape.Weights())
        {
            _weights[name] = new Parameter(weight(name, sizes));
        }

        const int half = ModelShape.HeadLength / 2;
        using var theta = tensor([(float)ModelShape.RopeTheta]);
        using var exponents = tensor(Enumerable.Range(0, half).Select(i => (float)i / -half).ToArray());
        using var frequencies = theta.pow(exponents);
        using var positions = tensor(Enumerable.Range(0, ModelShape.Window).Select(i => (float)i).ToArray());
        using var angles = outer(positions, frequencies);
        using var both = cat([angles, angles], -1);
        _cosine = both.cos();
        _sine = both.sin();
    }

    /// <summary>The sizes.</summary>
    public ModelShape Shape { get; }

    /// <summary>The weights in the order of the layout.</summary>
    public IEnumerable<(string Name, Parameter Value)> Weights => Shape.Weights().Select(weight => (weight.Name, _weights[weight.Name]));

    /// <summary>Random weights from libtorch's current seed; projections into the residual stream start smaller with depth.</summary>
    public static LlamaModel Initialize(ModelShape shape) => new(shape, (name, sizes) =>
    {
        if (sizes.Length == 1)
        {
            return ones(sizes);
        }

        var isResidual = name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
        var deviation = name.Contains("embed", StringComparison.Ordinal) ? 0.02 : 0.05 / (isResidual ? Math.Sqrt(2.0 * ModelShape.Layers) : 1.0);
        return randn(sizes).Times(deviation);
    });

    /// <summary>Weights as read from a file.</summary>
    public static LlamaModel FromWeights(ModelShape shape, IReadOnlyDictionary<string, float[]> weights) =>
        new(shape, (name, sizes) => tensor(weights[name], sizes));

    /// <summary>Mean negative log-likelihood in nats of predicting each token of [windows, length] from those before it.</summary>
    public Tensor Loss(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var (windows, length) = (ids.shape[0], ids.shape[1] - 1);
        var hidden = _weights["model.embed_tokens.weight"]
            .index_select(0, ids.narrow(1, 0, length).reshape(-1)).view(windows, length, ModelShape.Hidden);
        for (var layer = 0; layer < ModelShape.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            hidden = hidden.Plus(Attention(Normalize(hidden, prefix + "input_layernorm.weight"), prefix + "self_attn."));
            hidden = hidden.Plus(FeedForward(Normalize(hidden, prefix + "post_attention_layernorm.weight"), prefix + "mlp."));
        }

        var logits = Linear(Normalize(hidden, "model.norm.weight"), "model.embed_tokens.weight");
        var loss = nn.functional.cross_entropy(logits.view(-1, Shape.Vocabulary), ids.narrow(1, 1, length).reshape(-1));
        return loss.MoveToOuterDisposeScope();
    }

    private Tensor Linear(Tensor input, string name) => nn.functional.linear(input, _weights[name]);

    private Tensor Normalize(Tensor input, string name) =>
        input * rsqrt(input.Squared().mean([-1], keepdim: true).Plus(ModelShape.NormEpsilon)) * _weights[name];

    private Tensor FeedForward(Tensor input, string prefix) =>
        Linear(nn.functional.silu(Linear(input, prefix + "gate_proj.weight")) * Linear(input, prefix + "up_proj.weight"), prefix + "down_proj.weight");

    private Tensor Attention(Tensor input, string prefix)
    {
        var (batch, length) = (input.shape[0], input.shape[1]);
        const int group = ModelShape.Heads / ModelShape.KeyValueHeads;
        var query = Rotate(SplitHeads(Linear(input, prefix + "q_proj.weight"), ModelShape.Heads));
        var key = Rotate(SplitHeads(Linear(input, prefix + "k_proj.weight"), ModelShape.KeyValueHeads));
        var value = SplitHeads(Linear(input, prefix + "v_proj.weight"), ModelShape.KeyValueHeads);
        var mixed = nn.functional.scaled_dot_product_attention(
            query, key.repeat_interleave(group, 1), value.repeat_interleave(group, 1), is_casual: true);
        return Linear(mixed.transpose(1, 2).reshape(batch, length, ModelShape.Heads * ModelShape.HeadLength), prefix + "o_proj.weight");
    }

    private static Tensor SplitHeads(Tensor input, int heads) =>
        input.view(input.shape[0], input.shape[1], heads, ModelShape.HeadLength).transpose(1, 2);

    /// <summary>Rotary positions: element i turns with element i + d/2.</summary>
    private Tensor Rotate(Tensor input)
    {
        var halves = input.chunk(2, -1);
        var turned = cat([-halves[1], halves[0]], -1);
        return (input * _cosine.narrow(0, 0, input.shape[2])).Plus(turned * _sine.narrow(0, 0, input.shape[2]));
    }
}
