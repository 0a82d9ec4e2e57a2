using System.Runtime.CompilerServices;

namespace Rocket.Compression.Allocation;

/// <summary>Makes fronts out of options, one group after the other in the same buffers.</summary>
/// <param name="scale">How costs become integers.</param>
/// <param name="costIsLimited">Whether costs take the place of weights.</param>
/// <remarks>
/// Most options of a group are dominated by one that is clearly lighter. They go before anything is rounded or sorted: costs are compared with the
/// cheapest of all lighter buckets of weights, which is linear. What is left comes out of the buckets nearly sorted.
/// </remarks>
internal sealed class FrontBuilder(CostScale scale, bool costIsLimited)
{
    private const int Buckets = 128;

    /// <summary>Up to so many options in a bucket insertion is the faster sort.</summary>
    private const int FewInBucket = 16;

    private readonly double[] _cheapest = new double[Buckets + 1];
    private readonly int[] _places = new int[Buckets + 1];
    private int[] _survivors = [];
    private Entry[] _entries = [];

    /// <summary>The front of a group's options.</summary>
    // Once and long in a process: waiting for the tiers of the just-in-time compiler would cost more than the work.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ParetoFront Build(ReadOnlySpan<KnapsackOption> options)
    {
        if (_survivors.Length < options.Length)
        {
            _survivors = new int[options.Length * 2];
            _entries = new Entry[options.Length * 2];
        }

        var left = Distribute(options);
        var kept = 0;
        var entries = _entries.AsSpan(0, left);
        for (var i = 0; i < left; i++)
        {
            if (kept == 0 || entries[i].Cost < entries[kept - 1].Cost)
            {
                entries[kept++] = entries[i];
            }
        }

        var (weights, costs, origins) = (new long[kept], new long[kept], new int[kept]);
        for (var i = 0; i < kept; i++)
        {
            (weights[i], costs[i], origins[i]) = (entries[i].Weight, entries[i].Cost, entries[i].Origin);
        }

        return new ParetoFront(weights, costs, origins);
    }

    /// <summary>Fills the entries with the sorted survivors; their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Distribute(ReadOnlySpan<KnapsackOption> options)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var option in options)
        {
            least = Math.Min(least, option.Weight);
            most = Math.Max(most, option.Weight);
        }

        // Rounding keeps the order: a lower bucket always means a smaller weight.
        var bucketsPerUnit = (Buckets - 1) / Math.Max(1, (double)(most - least));
        var cheapest = _cheapest;
        Array.Fill(cheapest, double.PositiveInfinity);
        foreach (ref readonly var option in options)
        {
            ref var entry = ref cheapest[(int)((option.Weight - least) * bucketsPerUnit) + 1];
            if (option.Cost < entry)
            {
                entry = option.Cost;
            }
        }

        for (var b = 1; b <= Buckets; b++)
        {
            cheapest[b] = Math.Min(cheapest[b], cheapest[b - 1]);
        }

        var survivors = _survivors;
        var left = 0;
        for (var i = 0; i < options.Length; i++)
        {
            survivors[left] = i;
            left += options[i].Cost < cheapest[(int)((options[i].Weight - least) * bucketsPerUnit)] ? 1 : 0;
        }

        Sort(options, survivors.AsSpan(0, left), least, bucketsPerUnit);
        return left;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort(ReadOnlySpan<KnapsackOption> options, ReadOnlySpan<int> survivors, long least, double bucketsPerUnit)
    {
        var places = _places;
        Array.Clear(places);
        foreach (var i in survivors)
        {
            places[(int)((options[i].Weight - least) * bucketsPerUnit) + 1]++;
        }

        var fullest = 0;
        for (var b = 1; b <= Buckets; b++)
        {
            fullest = Math.Max(fullest, places[b]);
            places[b] += places[b - 1];
        }

        var entries = _entries.AsSpan(0, survivors.Length);
        foreach (var i in survivors)
        {
            ref readonly var option = ref options[i];
            ref var place = ref places[(int)((option.Weight - least) * bucketsPerUnit)];

            // A cost that is a limit is rounded up, so that no sum of them passes it unseen; a cost that is minimised to the nearest.
            entries[place++] = costIsLimited
                ? new Entry(scale.RoundUp(option.Cost), option.Weight, i)
                : new Entry(option.Weight, scale.Round(option.Cost), i);
        }

        if (costIsLimited || fullest > FewInBucket)
        {
            entries.Sort();
            return;
        }

        for (var i = 1; i < entries.Length; i++)
        {
            var moved = entries[i];
            var j = i;
            for (; j > 0 && moved.CompareTo(entries[j - 1]) < 0; j--)
            {
                entries[j] = entries[j - 1];
            }

            entries[j] = moved;
        }
    }

    private readonly record struct Entry(long Weight, long Cost, int Origin) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            Weight != other.Weight ? (Weight < other.Weight ? -1 : 1)
            : Cost != other.Cost ? (Cost < other.Cost ? -1 : 1)
            : Origin.CompareTo(other.Origin);
    }
}
