using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Runs tokens through a decoder; holds the memory that a run needs, so that a step allocates nothing. One run at a time.</summary>
internal sealed unsafe class DecoderExecutor : IDisposable
{
    private readonly DecoderSpec _spec;
    private readonly ModelWeights _weights;
    private readonly RotaryTable?[] _rotaries;
    private readonly MatrixKernels _kernels;
    private readonly LinearLayer _linears;
    private readonly Normalization _normalization;
    private readonly HeadPreparation _heads;
    private readonly Attention _attention;
    private readonly FeedForward _feedForward;
    private NativeBuffer? _hidden;
    private NativeBuffer? _normed;
    private NativeBuffer? _query;
    private NativeBuffer? _attended;
    private NativeBuffer? _branch;

    /// <summary>Makes an executor.</summary>
    /// <param name="rotaries">Tables of the blocks, null where a block has no positions.</param>
    public DecoderExecutor(DecoderSpec spec, ModelWeights weights, RotaryTable?[] rotaries, MatrixKernels kernels, WorkerPool pool)
    {
        _spec = spec;
        _weights = weights;
        _rotaries = rotaries;
        _kernels = kernels;
        _linears = new LinearLayer(kernels, pool);
        _normalization = new Normalization(pool);
        _heads = new HeadPreparation(pool);
        _attention = new Attention(kernels, pool);
        _feedForward = new FeedForward(_linears, pool);
    }

    /// <summary>Runs the blocks over tokens that follow what the caches hold; the hidden states stay until the next run.</summary>
    /// <param name="ids">Token ids, checked.</param>
    /// <param name="start">Position of the first.</param>
    /// <param name="length">Tokens of the whole sequence, on which longrope's angles depend.</param>
    public void Run(KeyValueCache[] caches, ReadOnlySpan<int> ids, int start, int length)
    {
        int tokens = ids.Length;
        int hidden = _spec.HiddenSize;
        float* states = NativeBuffer.Ensure(ref _hidden, (long)tokens * hidden);
        for (int t = 0; t < tokens; t++)
        {
            nint position = 0;
            float* row = states + ((nint)t * hidden);
            _weights.Embedding.Expand(_kernels, ids[t], 0, hidden, ref position, row);
            if (_spec.Embedding.Multiplier != 1)
            {
                VectorMath.Scale(row, _spec.Embedding.Multiplier, hidden);
            }
        }

        for (int b = 0; b < _weights.Blocks.Length; b++)
        {
            RunBlock(_weights.Blocks[b], caches[b], _rotaries[b]?.For(length), states, start, tokens);
        }
    }

    /// <summary>Logits <c>[tokens, vocabulary]</c> of some tokens of the last run.</summary>
    public void Logits(int firstToken, int tokens, float* logits)
    {
        int hidden = _spec.HiddenSize;
        int vocabulary = _spec.VocabularySize;
        float* normed = NativeBuffer.Ensure(ref _normed, (long)tokens * hidden);
        _normalization.Run(_weights.FinalNorm, _hidden!.Pointer + ((nint)firstToken * hidden), normed, hidden, tokens);
        _linears.Run(normed, hidden, tokens, _weights.Head, logits, vocabulary);
        for (int t = 0; t < tokens; t++)
        {
            float* row = logits + ((nint)t * vocabulary);
            if (_spec.Head.LogitsDivisor != 1)
            {
                VectorMath.Scale(row, 1 / _spec.Head.LogitsDivisor, vocabulary);
            }

            if (_spec.Head.SoftCap is { } cap)
            {
                VectorMath.SoftCap(row, cap, vocabulary);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linears.Dispose();
        _attention.Dispose();
        _feedForward.Dispose();
        foreach (NativeBuffer? buffer in new[] { _hidden, _normed, _query, _attended, _branch })
        {
            buffer?.Dispose();
        }
    }

    private void RunBlock(BlockWeights block, KeyValueCache cache, RotaryTable.Angles? angles, float* states, int start, int tokens)
    {
        int hidden = _spec.HiddenSize;
        float* normed = NativeBuffer.Ensure(ref _normed, (long)tokens * hidden);
        float* branch = NativeBuffer.Ensure(ref _branch, (long)tokens * hidden);
        _normalization.Run(block.PreAttentionNorm, states, normed, hidden, tokens);
        RunAttention(block, cache, angles, normed, branch, start, tokens);
        AddBranch(block, block.PostAttentionNorm, states, branch, tokens);

        _normalization.Run(block.PreFeedForwardNorm, states, normed, hidden, tokens);
        _feedForward.Run(block, normed, branch, hidden, tokens);
        AddBranch(block, block.PostFeedForwardNorm, states, branch, tokens);
    }

    private void RunAttention(BlockWeights block, KeyValueCache cache, RotaryTable.Angles? angles, float* x, float* output, int start, int tokens)
    {
        AttentionSpec spec = block.Spec.Attention;
        int queryWidth = spec.Heads * spec.HeadSize;
        int keyWidth = spec.KeyValueHeads * spec.HeadSize;
        float* query = NativeBuffer.Ensure(ref _query, (long)tokens * queryWidth);
        float* attended = NativeBuffer.Ensure(ref _attended, (long)tokens * queryWidth);
        cache.Reserve(start, tokens);
        _linears.Begin(x, _spec.HiddenSize, tokens);
        _linears.Add(block.Query, query, queryWidth);
        _linears.Add(block.Key, cache.Keys(start), keyWidth);
        _linears.Add(block.Value, cache.Values(start), keyWidth);
        _linears.Run();
        _heads.Run(block, angles, query, cache.Keys(start), start, tokens);
        _attention.Run(spec, cache, query, attended, start, tokens);
        _linears.Run(attended, queryWidth, tokens, block.Output, output, _spec.HiddenSize);
    }

    private void AddBranch(BlockWeights block, NormWeights? norm, float* states, float* branch, int tokens)
    {
        if (norm is not null)
        {
            _normalization.Run(norm, branch, branch, _spec.HiddenSize, tokens);
        }

        VectorMath.AddScaled(states, branch, block.Spec.ResidualMultiplier, _spec.HiddenSize * tokens);
    }
}
