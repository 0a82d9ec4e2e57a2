namespace Rocket.Models.Architectures.Configuration;

/// <summary>What transformers assumes for a family where config.json is silent.</summary>
internal sealed record FamilyDefaults
{
    /// <summary>Of <c>max_position_embeddings</c>.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Of <c>num_key_value_heads</c>; null: as many as query heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Of <c>head_dim</c>; null: hidden_size / num_attention_heads.</summary>
    public int? HeadSize { get; init; }

    /// <summary>Of <c>rms_norm_eps</c>.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Of <c>rope_theta</c>.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Of <c>tie_word_embeddings</c>.</summary>
    public bool IsTied { get; init; }

    /// <summary>The family reads <c>attention_bias</c>: biases of all four projections, by default none.</summary>
    public bool HasAttentionBiasKey { get; init; }

    /// <summary>The family reads <c>mlp_bias</c>: biases of the feed-forward network, by default none.</summary>
    public bool HasFeedForwardBiasKey { get; init; }

    /// <summary>The key that names the activation.</summary>
    public string ActivationKey { get; init; } = "hidden_act";

    /// <summary>The activation where that key is missing.</summary>
    public string Activation { get; init; } = "silu";
}
