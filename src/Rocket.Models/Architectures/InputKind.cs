namespace Rocket.Models.Architectures;

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

    /// <summary>No block's: token ids into the embedding, the normed last hidden states into the head.</summary>
    Vocabulary,
}
