using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Causal attention of new queries over a layer's cache.</summary>
internal sealed unsafe class Attention : ParallelWork, IDisposable
{
    // Queries whose scores are computed together, over all heads that share keys.
    private const int QueryTile = 48;
    private const int ScoresLimit = 1 << 20;

    private readonly MatrixKernels _kernels;
    private readonly WorkerPool _pool;
    private readonly NativeBuffer?[] _scores;
    private readonly NativeBuffer?[] _panels;
    private AttentionSpec? _spec;
    private KeyValueCache? _cache;
    private float* _query;
    private float* _output;
    private int _start;
    private int _tokens;
    private int _tile;
    private bool _usesPanels;

    /// <summary>Shares work among the threads of a pool.</summary>
    public Attention(MatrixKernels kernels, WorkerPool pool)
    {
        _kernels = kernels;
        _pool = pool;
        _scores = new NativeBuffer?[pool.Workers];
        _panels = new NativeBuffer?[pool.Workers];
    }

    private int Groups => _spec!.Heads / _spec.KeyValueHeads;

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
        _usesPanels = MatrixProducts.UsesPanels(tokens);
        int keys = start + tokens;
        _tile = Math.Clamp(ScoresLimit / (keys * Groups), 1, QueryTile);
        long scores = _usesPanels ? (long)_tile * Groups * PaddedKeys(keys) : keys;
        for (int worker = 0; worker < _pool.Workers; worker++)
        {
            NativeBuffer.Ensure(ref _scores[worker], scores);
            if (_usesPanels)
            {
                NativeBuffer.Ensure(ref _panels[worker], (Math.Max(MatrixKernels.Depth, spec.HeadSize) + (_tile * Groups)) * (long)_kernels.PanelWidth);
            }
        }

        _pool.Run(this, _usesPanels ? spec.KeyValueHeads * ((tokens + _tile - 1) / _tile) : spec.Heads * tokens);
    }

    /// <inheritdoc/>
    public override void Run(int piece, int worker)
    {
        if (_usesPanels)
        {
            // Late tiles see more keys: they come first, so that no thread is left with a long one.
            int tiles = (_tokens + _tile - 1) / _tile;
            int first = (tiles - 1 - (piece / _spec!.KeyValueHeads)) * _tile;
            RunTile(piece % _spec.KeyValueHeads, first, Math.Min(_tile, _tokens - first), worker);
        }
        else
        {
            RunHead(piece % _spec!.Heads, piece / _spec.Heads, _scores[worker]!.Pointer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer? buffer in _scores.Concat(_panels))
        {
            buffer?.Dispose();
        }
    }

    private int PaddedKeys(int keys) => (keys + _kernels.PanelWidth - 1) / _kernels.PanelWidth * _kernels.PanelWidth;

    private int FirstKey(int position) => _spec!.Window is { } window ? Math.Max(0, position - window + 1) : 0;

    private void RunHead(int head, int token, float* scores)
    {
        int position = _start + token;
        int first = FirstKey(position);
        int count = position - first + 1;
        int size = _spec!.HeadSize;
        int offset = head / Groups * size;
        float* query = _query + ((nint)token * QueryStride) + (head * size);
        float* key = _cache!.Keys(first) + offset;
        for (int i = 0; i < count; i++)
        {
            scores[i] = _spec.Scale * VectorMath.Dot(query, key + ((nint)i * KeyStride), size);
        }

        if (_spec.SoftCap is { } cap)
        {
            VectorMath.SoftCap(scores, cap, count);
        }

        VectorMath.Softmax(scores, count);
        float* output = _output + ((nint)token * QueryStride) + (head * size);
        new Span<float>(output, size).Clear();
        float* value = _cache.Values(first) + offset;
        for (int i = 0; i < count; i++)
        {
            VectorMath.AddScaled(output, value + ((nint)i * KeyStride), scores[i], size);
        }
    }

    private void RunTile(int keyHead, int firstToken, int tokens, int worker)
    {
        int first = FirstKey(_start + firstToken);
        int keys = _start + firstToken + tokens - first;
        int stride = PaddedKeys(keys);
        float* scores = _scores[worker]!.Pointer;
        ComputeScores(keyHead, firstToken, tokens, first, keys, stride, scores, _panels[worker]!.Pointer);
        for (int g = 0; g < Groups; g++)
        {
            for (int t = 0; t < tokens; t++)
            {
                Weigh(scores + ((nint)((g * tokens) + t) * stride), FirstKey(_start + firstToken + t) - first, _start + firstToken + t - first + 1, keys);
            }
        }

        SumValues(keyHead, firstToken, tokens, first, keys, stride, scores, worker);
    }

    // Rows of scores: all tokens of the first head that reads these keys, then of the next.
    private void ComputeScores(int keyHead, int firstToken, int tokens, int first, int keys, int stride, float* scores, float* panel)
    {
        int size = _spec!.HeadSize;
        int width = _kernels.PanelWidth;
        float* key = _cache!.Keys(first) + (keyHead * size);
        for (int k = 0; k < keys; k += width)
        {
            _kernels.Transpose(key + ((nint)k * KeyStride), KeyStride, Math.Min(width, keys - k), size, panel);
            for (int g = 0; g < Groups; g++)
            {
                float* query = _query + ((nint)firstToken * QueryStride) + (((keyHead * Groups) + g) * size);
                _kernels.MultiplyPanel(query, QueryStride, tokens, panel, size, scores + ((nint)g * tokens * stride) + k, stride, accumulate: false);
            }
        }
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

    private void SumValues(int keyHead, int firstToken, int tokens, int first, int keys, int stride, float* scores, int worker)
    {
        int size = _spec!.HeadSize;
        int width = _kernels.PanelWidth;
        float* panel = _panels[worker]!.Pointer;
        float* tile = panel + (Math.Max(MatrixKernels.Depth, size) * width);
        float* value = _cache!.Values(first) + (keyHead * size);
        for (int column = 0; column < size; column += width)
        {
            int columns = Math.Min(width, size - column);
            for (int k = 0; k < keys; k += MatrixKernels.Depth)
            {
                int depth = Math.Min(MatrixKernels.Depth, keys - k);
                for (int i = 0; i < depth; i++)
                {
                    var row = new Span<float>(panel + (i * width), width);
                    new ReadOnlySpan<float>(value + ((nint)(k + i) * KeyStride) + column, columns).CopyTo(row);
                    row[columns..].Clear();
                }

                _kernels.MultiplyPanel(scores + k, stride, Groups * tokens, panel, depth, tile, width, k > 0);
            }

            for (int row = 0; row < Groups * tokens; row++)
            {
                int head = (keyHead * Groups) + (row / tokens);
                float* output = _output + ((nint)(firstToken + (row % tokens)) * QueryStride) + (head * size) + column;
                new ReadOnlySpan<float>(tile + (row * width), columns).CopyTo(new Span<float>(output, columns));
            }
        }
    }
}
