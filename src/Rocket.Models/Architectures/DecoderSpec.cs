using System.Collections.Immutable;

namespace Rocket.Models.Architectures;

/// <summary>A decoder-only transformer as data: what two executors need to run it, and nothing of how.</summary>
public sealed record DecoderSpec
{
    /// <summary>The family, as <c>model_type</c> of config.json names it.</summary>
    public required string ModelType { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Longest sequence that the model was made for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Token embedding.</summary>
    public required EmbeddingSpec Embedding { get; init; }

    /// <summary>The blocks, first to last.</summary>
    public required ImmutableArray<BlockSpec> Blocks { get; init; }

    /// <summary>The norm between the last block and the head.</summary>
    public required NormSpec FinalNorm { get; init; }

    /// <summary>From hidden state to logits.</summary>
    public required HeadSpec Head { get; init; }
}

/// <summary>Token embedding: the row of a token, times <paramref name="Multiplier"/>.</summary>
/// <param name="Tensor">Name of the tensor <c>[vocabulary, hidden]</c>.</param>
/// <param name="Multiplier">Gemma: sqrt(hidden); Granite: <c>embedding_multiplier</c>; else 1.</param>
public sealed record EmbeddingSpec(string Tensor, float Multiplier = 1);

/// <summary>The head: logits = softcap(tensor . x + bias, cap) / divisor.</summary>
/// <param name="Tensor">Name of the tensor <c>[vocabulary, hidden]</c>; the embedding's when tied.</param>
/// <param name="IsTied">The head is the embedding and has no tensor of its own on disk.</param>
/// <param name="Bias">Name of a bias <c>[vocabulary]</c>, or null.</param>
/// <param name="SoftCap">cap tanh(logits / cap), or null.</param>
/// <param name="LogitsDivisor">Granite's <c>logits_scaling</c>; else 1.</param>
public sealed record HeadSpec(string Tensor, bool IsTied, string? Bias = null, float? SoftCap = null, float LogitsDivisor = 1);

/// <summary>What a norm divides by.</summary>
public enum NormKind
{
    /// <summary>Root mean square over the last dimension.</summary>
    RootMeanSquare,

    /// <summary>Mean and variance over the last dimension.</summary>
    Layer,
}

/// <summary>A norm over the last dimension.</summary>
/// <param name="Tensor">Name of the weight.</param>
/// <param name="Size">Length of the weight.</param>
/// <param name="Epsilon">Added to the mean square.</param>
/// <param name="UnitOffset">Gemma: the stored weight is w, the factor is 1 + w.</param>
/// <param name="Kind">Root mean square in every family so far.</param>
/// <param name="Bias">Name of a bias, or null.</param>
public sealed record NormSpec(string Tensor, int Size, float Epsilon, bool UnitOffset = false, NormKind Kind = NormKind.RootMeanSquare, string? Bias = null);
