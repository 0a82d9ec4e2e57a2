namespace Rocket.Models.Architectures;

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
