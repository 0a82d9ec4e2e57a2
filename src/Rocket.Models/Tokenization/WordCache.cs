using System.Collections.Concurrent;

namespace Rocket.Models.Tokenization;

/// <summary>The ids of words already encoded; bounded, and safe for many threads.</summary>
internal sealed class WordCache
{
    private const int LongestWord = 48;
    private const int Capacity = 1 << 17;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _count;

    public WordCache() => _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestWord || !_lookup.TryGetValue(word, out var found))
        {
            return false;
        }

        ids.AddRange(found);
        return true;
    }

    /// <summary>Keeps a word's ids, unless it is too long to be seen again or the cache is full.</summary>
    public void Keep(ReadOnlySpan<char> word, int[] ids)
    {
        if (word.Length <= LongestWord && Volatile.Read(ref _count) < Capacity && _lookup.TryAdd(word, ids))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
