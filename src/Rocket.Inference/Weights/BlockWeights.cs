using System.Collections.Immutable;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Weights;

/// <summary>The weights of one block.</summary>
internal sealed record BlockWeights(BlockSpec Spec)
{
    public required LinearWeights Query { get; init; }

    public required LinearWeights Key { get; init; }

    public required LinearWeights Value { get; init; }

    public required LinearWeights Output { get; init; }

    public required ImmutableArray<ExpertWeights> Experts { get; init; }

    public LinearWeights? Router { get; init; }

    public NormWeights? PreAttentionNorm { get; init; }

    public NormWeights? PostAttentionNorm { get; init; }

    public NormWeights? PreFeedForwardNorm { get; init; }

    public NormWeights? PostFeedForwardNorm { get; init; }

    public NormWeights? QueryNorm { get; init; }

    public NormWeights? KeyNorm { get; init; }
}
