using System.Collections.Immutable;

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
}

/// <summary>Which input of a block a linear reads. Linears with equal inputs share one Gram matrix.</summary>
public enum InputKind
{
    /// <summary>The attention's (normed) input: query, key and value.</summary>
    Attention,

    /// <summary>The heads' concatenated outputs: the output projection.</summary>
    AttentionOutput,

    /// <summary>The feed-forward's (normed) input: gate, up and router.</summary>
    FeedForward,

    /// <summary>act(gate) * up: the down projection.</summary>
    FeedForwardDown,
}

/// <summary>A distinct input within a block: its kind, and the expert that reads it (-1: every token does).</summary>
public readonly record struct InputSlot(InputKind Kind, int Expert = -1)
{
    /// <summary>A stable name for files and keys, such as <c>attention</c> or <c>feed_forward_down.3</c>.</summary>
    public override string ToString()
    {
        string name = Kind switch
        {
            InputKind.Attention => "attention",
            InputKind.AttentionOutput => "attention_output",
            InputKind.FeedForward => "feed_forward",
            _ => "feed_forward_down",
        };
        return Expert < 0 ? name : $"{name}.{Expert}";
    }
}

/// <summary>One <c>nn.Linear</c>, or one part of a fused one: y = W x + b, W <c>[d_out, d_in]</c>.</summary>
/// <param name="Name">The source's name of the weight without <c>.weight</c>.</param>
/// <param name="DIn">Columns of W.</param>
/// <param name="DOut">Rows of W (of the part, where it is fused).</param>
/// <param name="Input">Which input of the block it reads.</param>
/// <param name="Bias">Name of the bias tensor, or null.</param>
/// <param name="Fused">Which rows of the tensor on disk these are, or null for the whole.</param>
public sealed record LinearSpec(string Name, int DIn, int DOut, InputSlot Input, string? Bias = null, FusedPart? Fused = null)
{
    /// <summary>Name of the weight tensor on disk.</summary>
    public string Tensor => Name + ".weight";

    /// <summary>Name in plans and artifacts: the source's name, with the part's number where it is fused.</summary>
    public string Key => Fused is null ? Name : $"{Name}.{Fused.Index}";

    /// <summary>Parameters of W.</summary>
    public long Parameters => (long)DIn * DOut;
}

/// <summary>A part of a fused weight: rows <paramref name="FirstRow"/>.. of a tensor with <paramref name="TotalRows"/> rows.</summary>
public sealed record FusedPart(int Index, int FirstRow, int TotalRows);

/// <summary>Self-attention with grouped key/value heads.</summary>
public sealed record AttentionSpec
{
    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key/value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Query projection <c>[heads * head_size, hidden]</c>.</summary>
    public required LinearSpec Query { get; init; }

    /// <summary>Key projection <c>[kv_heads * head_size, hidden]</c>.</summary>
    public required LinearSpec Key { get; init; }

    /// <summary>Value projection <c>[kv_heads * head_size, hidden]</c>.</summary>
    public required LinearSpec Value { get; init; }

    /// <summary>Output projection <c>[hidden, heads * head_size]</c>.</summary>
    public required LinearSpec Output { get; init; }

    /// <summary>Factor of the scores before the softmax, usually 1/sqrt(head_size).</summary>
    public required float Scale { get; init; }

    /// <summary>cap tanh(scores / cap) before the mask, or null.</summary>
    public float? SoftCap { get; init; }

    /// <summary>Sliding window w: query i sees keys i-w+1..i; null: all keys up to i.</summary>
    public int? Window { get; init; }

    /// <summary>Rotary position embedding, or null for a layer without positions.</summary>
    public RopeSpec? Rope { get; init; }

    /// <summary>Norm of the queries before the rotation, or null. Per head if its size is the head's, else over the whole projection.</summary>
    public NormSpec? QueryNorm { get; init; }

    /// <summary>Norm of the keys before the rotation, or null. Per head if its size is the head's, else over the whole projection.</summary>
    public NormSpec? KeyNorm { get; init; }
}

/// <summary>Rotary position embedding in the half-split layout: pairs (i, i + d/2) of the first d = 2 n dimensions of a head.</summary>
/// <param name="InverseFrequencies">n angles a position, in radians; scaling (linear, llama3, longrope) is already in them.</param>
/// <param name="Amplitude">Factor of cosine and sine (longrope); else 1.</param>
/// <param name="LongInverseFrequencies">Longrope: the angles for sequences longer than <paramref name="OriginalLength"/>; else empty.</param>
/// <param name="OriginalLength">Longrope: the length up to which <paramref name="InverseFrequencies"/> hold, in tokens; else 0.</param>
public sealed record RopeSpec(ImmutableArray<float> InverseFrequencies, float Amplitude, ImmutableArray<float> LongInverseFrequencies, int OriginalLength = 0)
{
    /// <summary>Plain rotary embedding without long-sequence angles.</summary>
    public RopeSpec(ImmutableArray<float> inverseFrequencies)
        : this(inverseFrequencies, 1, [])
    {
    }

    /// <summary>The angles for a sequence of <paramref name="length"/> tokens.</summary>
    public ImmutableArray<float> FrequenciesFor(int length)
        => OriginalLength > 0 && length > OriginalLength ? LongInverseFrequencies : InverseFrequencies;
}

/// <summary>Nonlinearity of a gated feed-forward network.</summary>
public enum Activation
{
    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh,

    /// <summary>GELU with the error function.</summary>
    Gelu,
}

/// <summary>A gated network: down(act(gate x) * up x).</summary>
public sealed record ExpertSpec(LinearSpec Gate, LinearSpec Up, LinearSpec Down);

/// <summary>How tokens reach the experts of a mixture: softmax over all experts, the <paramref name="TopK"/> largest, renormalised or not.</summary>
/// <param name="Linear">The router's weight <c>[experts, hidden]</c>; never compressed.</param>
/// <param name="TopK">Experts a token.</param>
/// <param name="Renormalize">The chosen weights are divided by their sum.</param>
public sealed record RouterSpec(LinearSpec Linear, int TopK, bool Renormalize);

/// <summary>One gated network, or a mixture of them.</summary>
public sealed record FeedForwardSpec(Activation Activation, ImmutableArray<ExpertSpec> Experts, RouterSpec? Router = null);
