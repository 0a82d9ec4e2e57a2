namespace Rocket.Models.Tokenization.Subwords;

/// <summary>The merges of a BPE model: for a pair of ids its rank and the id that it becomes.</summary>
internal sealed class MergeTable(int capacity)
{
    private readonly Dictionary<ulong, Merge> _merges = new(capacity);

    /// <summary>Adds the merge that ranks next; a pair that was there gets the new rank.</summary>
    public void Add(int left, int right, int merged, int rank) => _merges[Key(left, right)] = new Merge(rank, merged);

    /// <summary>Merges symbols as far as it goes and appends what is left, in O(n log n).</summary>
    public void Apply(List<int> symbols, List<int> output)
    {
        if (symbols.Count < 2)
        {
            output.AddRange(symbols);
            return;
        }

        var chain = new Link[symbols.Count];
        for (var i = 0; i < chain.Length; i++)
        {
            chain[i] = new Link(symbols[i], i - 1, i + 1 < chain.Length ? i + 1 : -1);
        }

        var queue = new PriorityQueue<(int Position, int Merged), long>(chain.Length);
        for (var i = 0; i + 1 < chain.Length; i++)
        {
            Enqueue(chain, i, queue);
        }

        while (queue.TryDequeue(out var candidate, out _))
        {
            ref var left = ref chain[candidate.Position];
            // An entry is stale when its left symbol is gone or its pair has since become another one.
            if (left.Id < 0 || left.Next < 0 || !_merges.TryGetValue(Key(left.Id, chain[left.Next].Id), out var merge) || merge.Merged != candidate.Merged)
            {
                continue;
            }

            ref var right = ref chain[left.Next];
            left.Id = merge.Merged;
            right.Id = -1;
            left.Next = right.Next;
            if (left.Next >= 0)
            {
                chain[left.Next].Previous = candidate.Position;
                Enqueue(chain, candidate.Position, queue);
            }

            if (left.Previous >= 0)
            {
                Enqueue(chain, left.Previous, queue);
            }
        }

        for (var i = 0; i >= 0; i = chain[i].Next)
        {
            output.Add(chain[i].Id);
        }
    }

    /// <summary>The pair as one number, mixed by an odd factor (so still one to one): the hash of a plain <c>ulong</c> is left XOR right, which collides.</summary>
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;

    private void Enqueue(Link[] chain, int position, PriorityQueue<(int Position, int Merged), long> queue)
    {
        if (_merges.TryGetValue(Key(chain[position].Id, chain[chain[position].Next].Id), out var merge))
        {
            queue.Enqueue((position, merge.Merged), ((long)merge.Rank << 32) | (uint)position);
        }
    }

    private readonly record struct Merge(int Rank, int Merged);

    /// <summary>A symbol in a doubly linked list; -1 for no neighbour, and as the id of one that was merged away.</summary>
    private record struct Link(int Id, int Previous, int Next);
}
