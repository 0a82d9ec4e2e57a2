namespace Rocket.Models.Architectures;

/// <summary>One decoder layer: h += r postA(attention(preA(h))); h += r postF(feedForward(preF(h))), r the residual multiplier.</summary>
public sealed record BlockSpec
{
    /// <summary>Position in the stack, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Self-attention.</summary>
    public required AttentionSpec Attention { get; init; }

    /// <summary>Feed-forward network: one, or a mixture of experts.</summary>
    public required FeedForwardSpec FeedForward { get; init; }

    /// <summary>Norm of the attention's input, or null (OLMo 2).</summary>
    public NormSpec? PreAttentionNorm { get; init; }

    /// <summary>Norm of the attention's output inside the residual branch, or null.</summary>
    public NormSpec? PostAttentionNorm { get; init; }

    /// <summary>Norm of the feed-forward's input, or null (OLMo 2).</summary>
    public NormSpec? PreFeedForwardNorm { get; init; }

    /// <summary>Norm of the feed-forward's output inside the residual branch, or null.</summary>
    public NormSpec? PostFeedForwardNorm { get; init; }

    /// <summary>Granite's <c>residual_multiplier</c>; else 1.</summary>
    public float ResidualMultiplier { get; init; } = 1;

    /// <summary>Every linear that may be compressed, in the order of execution. Routers are not among them.</summary>
    public IEnumerable<LinearSpec> CompressibleLinears =>
    [
        Attention.Query, Attention.Key, Attention.Value, Attention.Output,
        .. FeedForward.Experts.SelectMany(expert => new[] { expert.Gate, expert.Up, expert.Down }),
    ];

    /// <summary>The tensors that hold several of the compressible linears.</summary>
    public IEnumerable<FusedWeight> FusedWeights => FusedWeight.Of(CompressibleLinears);

    /// <summary>Every linear: the compressible ones, then the router where there is one.</summary>
    public IEnumerable<LinearSpec> Linears => FeedForward.Router is { } router ? CompressibleLinears.Append(router.Linear) : CompressibleLinears;

    /// <summary>The block's norms in a fixed order, null where it has none: around the attention, around the feed-forward network, of query and key.</summary>
    public IEnumerable<NormSpec?> Norms =>
        [PreAttentionNorm, PostAttentionNorm, PreFeedForwardNorm, PostFeedForwardNorm, Attention.QueryNorm, Attention.KeyNorm];

    /// <summary>Every tensor of the block with its shape, each once: the linears', then the norms'.</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors => SpecTensors.Of(this);
}
