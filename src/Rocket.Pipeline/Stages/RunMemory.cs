using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>What the stages of a build take at most, reckoned from shapes alone. None grows with the number of blocks or of windows.</summary>
/// <param name="Stages">The stages that the manifest asks for, by name.</param>
public sealed record RunMemory(IReadOnlyDictionary<string, StageMemory> Stages)
{
    /// <summary>Reckons.</summary>
    /// <param name="source">The source model.</param>
    /// <param name="candidates">What is profiled.</param>
    /// <param name="model">What the manifest asks for.</param>
    public static RunMemory For(SourceModel source, LinearCandidates candidates, ModelManifest model)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(model);
        int length = model.Calibration.SequenceLength.Value;
        StagePart[] linears = [.. candidates.All.Select(l => OfLinear(l.Linear)).Distinct()];
        var stages = new Dictionary<string, StageMemory>(StringComparer.Ordinal)
        {
            [CalibrateStage.Name] = new(OfBlocks(source, length, moments: 1)),
            [ProfileStage.Name] = new(linears),
        };
        if (model.Method.UsesOutputs)
        {
            stages.Add(BackwardStage.Name, new([OfHead(source, heads: 1, copies: 3), .. OfBackward(source, length)]));
        }

        if (model.Method.IsSequential)
        {
            // A block's pass over the windows, then its linears beside the block's weights and moments.
            long block = source.Spec.Blocks.Max(spec => Weights(source, spec) + (Moments(spec) * sizeof(double)));
            stages.Add(CorrectStage.Name, new([.. OfBlocks(source, length, moments: 1), .. linears.Select(part => part with { Fixed = block })]));
        }

        if (model.Evaluate is { } evaluate)
        {
            // The heads of both models, and the logits of both with what a sum of exponentials takes.
            stages.Add(EvaluateStage.Name, new([OfHead(source, heads: 2, copies: 4), .. OfBlocks(source, evaluate.SequenceLength.Value, moments: 0)]));
        }

        return new RunMemory(stages);
    }

    // Weights, sums in double; a window's activations, the scores of a chunk of queries, its own sums.
    private static StagePart[] OfBlocks(SourceModel source, long length, int moments) => [.. source.Spec.Blocks.Select(block => new StagePart(
        Weights(source, block) + (moments * Moments(block) * sizeof(double)),
        ((12 * length * Widest(block)) + (4 * Scores(block, Math.Min(length, BlockExecutor.QueryChunk), length)) + (moments * Moments(block))) * sizeof(float))).Distinct()];

    // A window's activations with what their gradients need: the probabilities of all its chunks among them.
    private static StagePart[] OfBackward(SourceModel source, long length) => [.. source.Spec.Blocks.Select(block => new StagePart(
        Weights(source, block),
        ((16 * length * Widest(block)) + (2 * Scores(block, length, length))) * sizeof(float))).Distinct()];

    // Heads in float32, one as stored, and the logits of the chunks in flight, so often.
    private static StagePart OfHead(SourceModel source, int heads, int copies)
    {
        long vocabulary = source.Spec.VocabularySize;
        return new StagePart(
            vocabulary * source.Spec.HiddenSize * ((heads * sizeof(float)) + SizeOf(source, source.Spec.Head.Tensor)),
            copies * DecoderExecutor.HeadChunk * vocabulary * sizeof(float));
    }

    // Decompositions of its Gram matrix, and copies of the weight on the way from one share to the next.
    private static StagePart OfLinear(LinearSpec linear)
    {
        (long dIn, long dOut) = (linear.DIn, linear.DOut);
        return new StagePart(0, (dIn * dIn * 5 * sizeof(double)) + (dIn * dOut * (linear.IsOfVocabulary ? 4 : 12) * sizeof(float)));
    }

    // In float32, and mapped as stored.
    private static long Weights(SourceModel source, BlockSpec block)
        => block.CompressibleLinears.Sum(linear => linear.Parameters * (sizeof(float) + SizeOf(source, linear.Tensor)));

    private static long SizeOf(SourceModel source, string tensor) => source.Checkpoint.Get(tensor).Info.Type.ByteSize();

    private static long Moments(BlockSpec block) => block.CompressibleLinears.DistinctBy(linear => linear.Input).Sum(linear => (long)linear.DIn * linear.DIn);

    private static long Widest(BlockSpec block) => block.CompressibleLinears.Max(linear => (long)Math.Max(linear.DIn, linear.DOut));

    private static long Scores(BlockSpec block, long queries, long keys) => block.Attention.Heads * queries * keys;
}
