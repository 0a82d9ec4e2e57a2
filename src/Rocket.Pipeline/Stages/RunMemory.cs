using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>What the stages of a build take at most, reckoned from shapes alone. None grows with the number of blocks or of windows.</summary>
/// <param name="Calibrate">The forward pass.</param>
/// <param name="Backward">The backward pass with the head; the same as forward where there is none.</param>
/// <param name="Profile">Profiles and factors.</param>
/// <param name="Evaluate">Perplexity.</param>
public sealed record RunMemory(StageMemory Calibrate, StageMemory Backward, StageMemory Profile, StageMemory Evaluate)
{
    // .NET and libtorch before any large tensor: what a build of a model of 260K parameters takes.
    private const long Baseline = 220L << 20;

    /// <summary>The stages by name.</summary>
    public IReadOnlyDictionary<string, StageMemory> Stages { get; } = new Dictionary<string, StageMemory>(StringComparer.Ordinal)
    {
        [CalibrateStage.Name] = Calibrate,
        [BackwardStage.Name] = Backward,
        [ProfileStage.Name] = Profile,
        [EvaluateStage.Name] = Evaluate,
    };

    /// <summary>Reckons.</summary>
    /// <param name="source">The source model.</param>
    /// <param name="candidates">What is profiled.</param>
    /// <param name="length">Tokens of the longest window.</param>
    /// <param name="hasBackward">Whether the loss is run backwards.</param>
    public static RunMemory For(SourceModel source, LinearCandidates candidates, long length, bool hasBackward)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(candidates);
        StageMemory forward = OfBlocks(source, block => new StageMemory(
            Weights(block) + (Moments(block) * sizeof(double)),
            ((8 * length * Widest(block)) + (4 * Scores(block, Math.Min(length, BlockExecutor.QueryChunk), length)) + Moments(block)) * sizeof(float)));
        return new RunMemory(forward, hasBackward ? Larger(OfHead(source, heads: 1, copies: 2), OfBackward(source, length)) : forward, OfLinears(candidates), OfEvaluation(source, length));
    }

    // A window's activations with what their gradients need: the probabilities of all its chunks among them.
    private static StageMemory OfBackward(SourceModel source, long length) => OfBlocks(source, block => new StageMemory(
        Weights(block),
        ((16 * length * Widest(block)) + (2 * Scores(block, length, length))) * sizeof(float)));

    // The heads of both models, and the logits of both with what a sum of exponentials takes.
    private static StageMemory OfEvaluation(SourceModel source, long length) => Larger(OfHead(source, heads: 2, copies: 4), OfBlocks(source, block => new StageMemory(
        Weights(block),
        ((8 * length * Widest(block)) + (4 * Scores(block, Math.Min(length, BlockExecutor.QueryChunk), length))) * sizeof(float))));

    // Heads in float32, one as stored, and the logits of the chunks in flight, so often.
    private static StageMemory OfHead(SourceModel source, int heads, int copies)
    {
        long vocabulary = source.Spec.VocabularySize;
        return new StageMemory(Baseline + (vocabulary * source.Spec.HiddenSize * ((heads * sizeof(float)) + sizeof(short))), copies * DecoderExecutor.HeadChunk * vocabulary * sizeof(float));
    }

    // Decompositions of the largest Gram matrix, and copies of the weight on the way from one share to the next.
    private static StageMemory OfLinears(LinearCandidates candidates)
    {
        long most = candidates.All.Where(l => !l.Linear.IsOfVocabulary).Max(l =>
        {
            (long dIn, long dOut) = (l.Linear.DIn, l.Linear.DOut);
            return (dIn * dIn * 5 * sizeof(double)) + (dIn * dOut * 12 * sizeof(float));
        });
        return new StageMemory(Baseline, most);
    }

    private static StageMemory OfBlocks(SourceModel source, Func<BlockSpec, StageMemory> ofBlock)
    {
        StageMemory most = source.Spec.Blocks.Select(ofBlock).Aggregate(Larger);
        return most with { Fixed = Baseline + most.Fixed };
    }

    private static StageMemory Larger(StageMemory a, StageMemory b) => new(Math.Max(a.Fixed, b.Fixed), Math.Max(a.PerUnit, b.PerUnit));

    // In float32, and mapped as stored.
    private static long Weights(BlockSpec block) => block.CompressibleLinears.Sum(linear => linear.Parameters) * (sizeof(float) + sizeof(short));

    private static long Moments(BlockSpec block) => block.CompressibleLinears.DistinctBy(linear => linear.Input).Sum(linear => (long)linear.DIn * linear.DIn);

    private static long Widest(BlockSpec block) => block.CompressibleLinears.Max(linear => (long)Math.Max(linear.DIn, linear.DOut));

    private static long Scores(BlockSpec block, long queries, long keys) => block.Attention.Heads * queries * keys;
}
