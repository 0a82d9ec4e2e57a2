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

    /// <summary>The embedding as a linear of one-hot inputs, W <c>[vocabulary, hidden]</c> as it is stored; null where its name on disk does not end in <c>.weight</c>.</summary>
    public LinearSpec? EmbeddingMatrix => Matrix(Embedding.Tensor);

    /// <summary>The head as a linear; the embedding where they are tied.</summary>
    public LinearSpec? HeadMatrix => Head.IsTied ? EmbeddingMatrix : Matrix(Head.Tensor);

    /// <summary>The same decoder, block by block.</summary>
    public bool Equals(DecoderSpec? other)
        => other is not null
        && ModelType == other.ModelType
        && (VocabularySize, HiddenSize, MaxPositions) == (other.VocabularySize, other.HiddenSize, other.MaxPositions)
        && (Embedding, FinalNorm, Head) == (other.Embedding, other.FinalNorm, other.Head)
        && Blocks.AsSpan().SequenceEqual(other.Blocks.AsSpan());

    private LinearSpec? Matrix(string tensor) => tensor.EndsWith(LinearSpec.WeightSuffix, StringComparison.Ordinal)
        ? new LinearSpec(tensor[..^LinearSpec.WeightSuffix.Length], HiddenSize, VocabularySize, new InputSlot(InputKind.Vocabulary))
        : null;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ModelType, VocabularySize, HiddenSize, MaxPositions, Blocks.Length, Embedding, Head);
}
