using Rocket.Inference.Memory;

namespace Rocket.Inference.Execution;

/// <summary>Keys and values of one layer, <c>[positions, kv_heads * head_size]</c>; a layer with a sliding window forgets what no query can see any more.</summary>
/// <param name="width">kv_heads * head_size.</param>
/// <param name="window">The sliding window, or null.</param>
internal sealed unsafe class KeyValueCache(int width, int? window) : IDisposable
{
    private NativeBuffer? _keys;
    private NativeBuffer? _values;
    private int _capacity;

    /// <summary>The first position that is kept.</summary>
    public int First { get; private set; }

    /// <summary>Keys of a position and those behind it.</summary>
    public float* Keys(int position) => _keys!.Pointer + ((nint)(position - First) * width);

    /// <summary>Values of a position and those behind it.</summary>
    public float* Values(int position) => _values!.Pointer + ((nint)(position - First) * width);

    /// <summary>Whether a sequence can go on from <paramref name="position"/>: all keys that its next query sees are kept.</summary>
    public bool CanContinueAt(int position) => First <= OldestSeenFrom(position);

    /// <summary>Forgets everything.</summary>
    public void Clear() => First = 0;

    /// <summary>Makes room for the positions <paramref name="start"/> to start + count - 1; what they see stays.</summary>
    public void Reserve(int start, int count)
    {
        int needed = start - First + count;
        if (needed <= _capacity)
        {
            return;
        }

        int kept = Math.Max(First, OldestSeenFrom(start));
        int dropped = kept - First;
        bool hasRoom = needed - dropped <= _capacity && dropped >= _capacity / 4;
        int capacity = hasRoom ? _capacity : Math.Max(needed - dropped, 2 * _capacity);
        Move(ref _keys, dropped, start - kept, capacity);
        Move(ref _values, dropped, start - kept, capacity);
        _capacity = capacity;
        First = kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    private int OldestSeenFrom(int position) => window is { } keys ? Math.Max(0, position - keys + 1) : 0;

    private void Move(ref NativeBuffer? buffer, int from, int count, int capacity)
    {
        NativeBuffer? old = buffer;
        if (capacity > _capacity)
        {
            buffer = new NativeBuffer((long)capacity * width);
        }

        if (old is not null)
        {
            long bytes = (long)count * width * sizeof(float);
            Buffer.MemoryCopy(old.Pointer + ((nint)from * width), buffer!.Pointer, bytes, bytes);
        }

        if (!ReferenceEquals(old, buffer))
        {
            old?.Dispose();
        }
    }
}
