using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Causal attention of new queries over a layer's cache. A query's sums run over its keys in order, whatever is computed beside it.</summary>
internal sealed unsafe class Attention(MatrixKernels kernels, WorkerPool pool) : ParallelWork, IDisposable
{
    private const int QueryTile = 48;

    // Bounds the scores of a thread: long contexts get smaller tiles.
    private const int ScoresLimit = 1 << 19;

    private readonly NativeBuffer?[] _scores = new NativeBuffer?[pool.Workers];
    private AttentionSpec? _spec;
    private KeyValueCache? _cache;
    private float* _query;
    private float* _output;
    private int _start;
    private int _tokens;
    private int _tile;

    private int QueryStride => _spec!.Heads * _spec.HeadSize;

    private int KeyStride => _spec!.KeyValueHeads * _spec.HeadSize;

    /// <summary>Heads' outputs <c>[tokens, heads * size]</c> for prepared queries of the positions from <paramref name="start"/>, whose keys and values are in the cache.</summary>
    public void Run(AttentionSpec spec, KeyValueCache cache, float* query, float* output, int start, int tokens)
    {
        _spec = spec;
        _cache = cache;
        _query = query;
        _output = output;
        _start = start;
        _tokens = tokens;
        int keys = start + tokens;
        _tile = Math.Min(tokens, Math.Clamp(ScoresLimit / keys, 1, QueryTile));
        for (int worker = 0; worker < pool.Workers; worker++)
        {
            NativeBuffer.Ensure(ref _scores[worker], (long)_tile * RoundUp(keys));
        }

        pool.Run(this, spec.Heads * Tiles);
    }

    /// <inheritdoc/>
    public override void Run(int piece, int worker)
    {
        // Late tiles see more keys: they come first, so that no thread is left with a long one.
        int firstToken = (Tiles - 1 - (piece / _spec!.Heads)) * _tile;
        RunTile(piece % _spec.Heads, firstToken, Math.Min(_tile, _tokens - firstToken), _scores[worker]!.Pointer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer? buffer in _scores)
        {
            buffer?.Dispose();
        }
    }

    private int Tiles => (_tokens + _tile - 1) / _tile;

    // Growth in steps, so that a sequence that grows token by token does not allocate at each.
    private static int RoundUp(int keys) => (keys + 1023) / 1024 * 1024;

    private int FirstKey(int position) => _spec!.Window is { } window ? Math.Max(0, position - window + 1) : 0;

    private void RunTile(int head, int firstToken, int tokens, float* scores)
    {
        int size = _spec!.HeadSize;
        int keyOffset = head / (_spec.Heads / _spec.KeyValueHeads) * size;
        int position = _start + firstToken;
        int first = FirstKey(position);
        int keys = position + tokens - first;
        nint offset = ((nint)firstToken * QueryStride) + (head * size);
        kernels.MultiplyTile(_query + offset, QueryStride, tokens, _cache!.Keys(first) + keyOffset, KeyStride, keys, size, scores, keys);
        for (int t = 0; t < tokens; t++)
        {
            Weigh(scores + ((nint)t * keys), FirstKey(position + t) - first, position + t - first + 1, keys);
        }

        WeightedSums.Run(scores, keys, tokens, _cache.Values(first) + keyOffset, KeyStride, keys, size, _output + offset, QueryStride);
    }

    // Scores to probabilities: 0 outside of the keys from..to-1 that the query sees.
    private void Weigh(float* scores, int from, int to, int keys)
    {
        VectorMath.Scale(scores + from, _spec!.Scale, to - from);
        if (_spec.SoftCap is { } cap)
        {
            VectorMath.SoftCap(scores + from, cap, to - from);
        }

        VectorMath.Softmax(scores + from, to - from);
        new Span<float>(scores, from).Clear();
        new Span<float>(scores + to, keys - to).Clear();
    }
}
