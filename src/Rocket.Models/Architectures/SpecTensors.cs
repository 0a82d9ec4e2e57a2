namespace Rocket.Models.Architectures;

/// <summary>Lists the tensors of a decoder.</summary>
internal static class SpecTensors
{
    /// <summary>Names and shapes, one block at a time.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(DecoderSpec spec)
    {
        long[] vocabulary = [spec.VocabularySize, spec.HiddenSize];
        yield return (spec.Embedding.Tensor, vocabulary);
        foreach (var tensor in spec.Blocks.SelectMany(Of).Concat(Of(spec.FinalNorm)))
        {
            yield return tensor;
        }

        if (!spec.Head.IsTied)
        {
            yield return (spec.Head.Tensor, vocabulary);
        }

        if (spec.Head.Bias is not null)
        {
            yield return (spec.Head.Bias, [spec.VocabularySize]);
        }
    }

    private static IEnumerable<(string Name, long[] Shape)> Of(BlockSpec block)
    {
        NormSpec?[] norms =
        [
            block.PreAttentionNorm, block.PostAttentionNorm, block.PreFeedForwardNorm, block.PostFeedForwardNorm,
            block.Attention.QueryNorm, block.Attention.KeyNorm,
        ];
        LinearSpec[] routers = block.FeedForward.Router is { } router ? [router.Linear] : [];
        return norms.SelectMany(Of).Concat(block.CompressibleLinears.Concat(routers).SelectMany(Of));
    }

    private static IEnumerable<(string Name, long[] Shape)> Of(NormSpec? norm)
    {
        if (norm is null)
        {
            yield break;
        }

        yield return (norm.Tensor, [norm.Size]);
        if (norm.Bias is not null)
        {
            yield return (norm.Bias, [norm.Size]);
        }
    }

    // A fused tensor is listed with its first part.
    private static IEnumerable<(string Name, long[] Shape)> Of(LinearSpec linear)
    {
        if (linear.Fused is { Index: > 0 })
        {
            yield break;
        }

        long rows = linear.Fused?.TotalRows ?? linear.DOut;
        yield return (linear.Tensor, [rows, linear.DIn]);
        if (linear.Bias is not null)
        {
            yield return (linear.Bias, [rows]);
        }
    }
}
