using Rocket.Models.Factors;

namespace Rocket.Models.Architectures;

/// <summary>Lists the tensors of a decoder.</summary>
internal static class SpecTensors
{
    /// <summary>Names and shapes, one block at a time.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(DecoderSpec spec) => Of(spec, Of);

    /// <summary>The same of an artifact, without the tensors of its factors. A part of a fused weight has a tensor of its own where another part is factored by itself.</summary>
    public static IEnumerable<(string Name, long[] Shape)> DenseOf(DecoderSpec spec, RocketSection section)
        => Of(spec, block =>
        {
            LinearSpec[] factored = [.. block.CompressibleLinears.Where(linear => section.Linears.ContainsKey(linear.Key) || section.Linears.ContainsKey(linear.Whole.Key))];
            HashSet<string> apart = [.. factored.Select(linear => linear.Tensor)];
            return block.Tensors
                .Where(tensor => !apart.Contains(tensor.Name))
                .Concat(block.CompressibleLinears
                    .Where(linear => apart.Contains(linear.Tensor) && !factored.Contains(linear))
                    .Select(linear => (linear.Key + LinearSpec.WeightSuffix, new long[] { linear.DOut, linear.DIn })));
        }).Where(tensor => !new[] { spec.EmbeddingMatrix, spec.HeadMatrix }.Any(matrix => matrix is not null && matrix.Tensor == tensor.Name && section.Linears.ContainsKey(matrix.Key)));

    private static IEnumerable<(string Name, long[] Shape)> Of(DecoderSpec spec, Func<BlockSpec, IEnumerable<(string Name, long[] Shape)>> ofBlock)
    {
        long[] vocabulary = [spec.VocabularySize, spec.HiddenSize];
        yield return (spec.Embedding.Tensor, vocabulary);
        foreach (var tensor in spec.Blocks.SelectMany(ofBlock).Concat(Of(spec.FinalNorm)))
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

    /// <summary>Names and shapes of a block's tensors: linears, then norms.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(BlockSpec block) => block.Linears.SelectMany(Of).Concat(block.Norms.SelectMany(Of));

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
