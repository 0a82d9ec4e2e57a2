using System.Collections.Immutable;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Weights;

/// <summary>All weights of a decoder.</summary>
/// <param name="Embedding">Rows of the tokens, <c>[vocabulary, hidden]</c>.</param>
/// <param name="Blocks">The blocks in order.</param>
/// <param name="FinalNorm">Between the last block and the head.</param>
/// <param name="Head">Logits of a normed hidden state.</param>
internal sealed record ModelWeights(WeightMatrix Embedding, ImmutableArray<BlockWeights> Blocks, NormWeights FinalNorm, LinearWeights Head)
{
    /// <summary>Maps and checks everything that a decoder names.</summary>
    public static ModelWeights Read(DecoderSpec spec, WeightReader reader)
    {
        WeightMatrix embedding = reader.Table(spec.Embedding.Tensor, spec.VocabularySize, spec.HiddenSize);
        ImmutableArray<BlockWeights> blocks = [.. spec.Blocks.Select(block => ReadBlock(block, reader))];
        NormWeights finalNorm = reader.Norm(spec.FinalNorm)!;
        WeightMatrix head = spec.Head.Tensor == spec.Embedding.Tensor ? embedding : reader.Table(spec.Head.Tensor, spec.VocabularySize, spec.HiddenSize);
        return new ModelWeights(embedding, blocks, finalNorm, new LinearWeights(null, head, reader.Vector(spec.Head.Bias, spec.VocabularySize)));
    }

    private static BlockWeights ReadBlock(BlockSpec block, WeightReader reader) => new(block)
    {
        Query = reader.Linear(block.Attention.Query),
        Key = reader.Linear(block.Attention.Key),
        Value = reader.Linear(block.Attention.Value),
        Output = reader.Linear(block.Attention.Output),
        Experts = [.. block.FeedForward.Experts.Select(expert => new ExpertWeights(reader.Linear(expert.Gate), reader.Linear(expert.Up), reader.Linear(expert.Down)))],
        Router = block.FeedForward.Router is { } router ? reader.Linear(router.Linear) : null,
        PreAttentionNorm = reader.Norm(block.PreAttentionNorm),
        PostAttentionNorm = reader.Norm(block.PostAttentionNorm),
        PreFeedForwardNorm = reader.Norm(block.PreFeedForwardNorm),
        PostFeedForwardNorm = reader.Norm(block.PostFeedForwardNorm),
        QueryNorm = reader.Norm(block.Attention.QueryNorm),
        KeyNorm = reader.Norm(block.Attention.KeyNorm),
    };
}
