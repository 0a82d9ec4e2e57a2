using System.Runtime.InteropServices;
using Rocket.Inference.Diagnostics;
using Rocket.Inference.Execution;
using Rocket.Inference.Memory;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference;

/// <summary>One growing sequence of tokens and its key/value cache. Not for several threads at once.</summary>
public sealed class InferenceSession : IDisposable
{
    // Bounds the activations in flight.
    private const int ChunkTokens = 512;

    private readonly KeyValueCache[] _caches;
    private readonly List<int> _tokens = [];
    private readonly NativeBuffer _logits;
    private bool _isDisposed;

    internal InferenceSession(RocketModel model, int capacity)
    {
        Model = model;
        _logits = new NativeBuffer(model.Spec.VocabularySize);
        _caches = model.CreateCaches();
        for (int b = 0; capacity > 0 && b < _caches.Length; b++)
        {
            int? window = model.Spec.Blocks[b].Attention.Window;
            _caches[b].Reserve(0, window is { } keys && keys < capacity - ChunkTokens ? keys + ChunkTokens : capacity);
        }
    }

    /// <summary>The model that runs it; not owned.</summary>
    public RocketModel Model { get; }

    /// <summary>Tokens so far.</summary>
    public int Position => _tokens.Count;

    /// <summary>The tokens so far.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Appends tokens (one or many) and computes what may follow. When it throws, the session is as it was.</summary>
    /// <param name="tokens">Token ids, at least one.</param>
    /// <returns>Logits <c>[vocabulary]</c> after the last of them; valid until the next call on this session.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8005 to RKT8007: a token is outside the vocabulary, or a weight is not finite.</exception>
    public unsafe ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length, nameof(tokens));
        Run(tokens, null);
        return new ReadOnlySpan<float>(_logits.Pointer, Model.Spec.VocabularySize);
    }

    /// <summary>Forgets all tokens from <paramref name="position"/> on. A layer with a sliding window that no longer keeps what lies before computes it again at the next call.</summary>
    /// <param name="position">Tokens to keep, 0 to <see cref="Position"/>.</param>
    public void Truncate(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Model.AnglesDiffer(position, Position))
        {
            Computed = 0;
        }

        CollectionsMarshal.SetCount(_tokens, position);
        Computed = Math.Min(Computed, position);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _logits.Dispose();
            Array.ForEach(_caches, cache => cache.Dispose());
        }
    }

    /// <summary>Tokens whose keys and values the caches hold.</summary>
    private int Computed { get; set; }

    /// <summary>Appends tokens and shows every chunk's executor before the next one overwrites it.</summary>
    /// <param name="observe">Told the executor, the position of the chunk's first token and its length; null: the last token's logits are computed.</param>
    internal unsafe void Run(ReadOnlySpan<int> tokens, Action<DecoderExecutor, int, int>? observe)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)Model.Spec.VocabularySize)
            {
                throw InferenceErrors.TokenOutOfRange(id, Model.Spec.VocabularySize);
            }
        }

        int before = Position;
        int length = before + tokens.Length;
        int start = CanContinue(length) ? Computed : Restart();
        _tokens.AddRange(tokens);
        DecoderExecutor executor = Model.Rent();
        try
        {
            while (start < length)
            {
                int count = Math.Min(ChunkTokens, length - start);
                executor.Run(_caches, Tokens.Slice(start, count), start, length);
                observe?.Invoke(executor, start, count);
                start += count;
                if (start == length && observe is null)
                {
                    executor.Logits(count - 1, 1, _logits.Pointer);
                }
            }

            var bytes = new ReadOnlySpan<byte>(_logits.Pointer, Model.Spec.VocabularySize * sizeof(float));
            if (observe is null && !FiniteScan.AllFinite(bytes, TensorType.F32))
            {
                throw Model.NotFinite();
            }

            Computed = length;
        }
        catch
        {
            CollectionsMarshal.SetCount(_tokens, before);
            Computed = Math.Min(Computed, before);
            throw;
        }
        finally
        {
            Model.Return(executor);
        }
    }

    private bool CanContinue(int length)
    {
        bool canContinue = Computed == 0 || !Model.AnglesDiffer(Computed, length);
        foreach (KeyValueCache cache in _caches)
        {
            canContinue &= cache.CanContinueAt(Computed);
        }

        return canContinue;
    }

    private int Restart()
    {
        Array.ForEach(_caches, cache => cache.Clear());
        return Computed = 0;
    }
}
