using System.Collections.Immutable;

namespace Rocket.Inference.Sampling;

/// <summary>How the next token is drawn. The filters apply in the order of transformers: penalties, temperature, top-k, top-p, min-p.</summary>
public sealed record SamplingOptions
{
    /// <summary>0 takes the most probable token; 1 draws from the model's own distribution.</summary>
    public float Temperature { get; init; }

    /// <summary>Draws from this many most probable tokens only; 0: from all.</summary>
    public int TopK { get; init; }

    /// <summary>Draws from the fewest most probable tokens whose probabilities reach this sum; 1: from all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Draws from tokens at least this share as probable as the most probable one; 0: from all.</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens that occurred (Keskar et al. 2019); 1: none.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from a token's logit for every time that it was generated; 0: none.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from a token's logit if it was generated; 0: none.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Makes the draws repeatable; null: other ones every time.</summary>
    public long? Seed { get; init; }

    /// <summary>Processors of the caller's own, after the penalties.</summary>
    public ImmutableArray<ILogitsProcessor> Processors { get; init; } = [];
}
