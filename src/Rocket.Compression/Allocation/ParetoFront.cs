namespace Rocket.Compression.Allocation;

/// <summary>The options of a group that no other option beats in both weight and cost: weights rise, costs fall.</summary>
internal sealed class ParetoFront : IComparable<ParetoFront>
{
    private ParetoFront(long[] weights, long[] costs)
    {
        Weights = weights;
        Costs = costs;
        Hull = LowerHull(weights, costs);
    }

    /// <summary>Strictly rising weights.</summary>
    public long[] Weights { get; }

    /// <summary>Strictly falling costs, in integer units.</summary>
    public long[] Costs { get; }

    /// <summary>Indices of the corners of the lower convex hull, first and last option included.</summary>
    public int[] Hull { get; }

    /// <summary>What the hull's edge from corner <paramref name="step"/> to the next one adds in weight and saves in cost, both positive.</summary>
    public (long Weight, long Saving) Edge(int step)
    {
        var (from, to) = (Hull[step], Hull[step + 1]);
        return (Weights[to] - Weights[from], Costs[from] - Costs[to]);
    }

    /// <summary>Keeps what is not dominated; <paramref name="weights"/> and <paramref name="costs"/> are reordered.</summary>
    public static ParetoFront Of(Span<long> weights, Span<long> costs)
    {
        if (!IsSorted(weights))
        {
            var left = DropCoarsely(weights, costs);
            weights = weights[..left];
            costs = costs[..left];
            weights.Sort(costs);
        }

        var kept = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (kept > 0 && costs[i] >= costs[kept - 1])
            {
                continue;
            }

            if (kept > 0 && weights[i] == weights[kept - 1])
            {
                kept--;
            }

            weights[kept] = weights[i];
            costs[kept++] = costs[i];
        }

        return new ParetoFront(weights[..kept].ToArray(), costs[..kept].ToArray());
    }

    /// <summary>An order that depends on nothing but the options themselves.</summary>
    public int CompareTo(ParetoFront? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byWeight = Weights.AsSpan().SequenceCompareTo(other.Weights);
        return byWeight != 0 ? byWeight : Costs.AsSpan().SequenceCompareTo(other.Costs);
    }

    /// <summary>Moves to the front what no option of a lighter bucket of weights dominates: linear, and it leaves the sort little to do.</summary>
    private static int DropCoarsely(Span<long> weights, Span<long> costs)
    {
        const int Buckets = 64;
        var (least, most) = (weights[0], weights[0]);
        foreach (var weight in weights)
        {
            least = Math.Min(least, weight);
            most = Math.Max(most, weight);
        }

        // Rounding keeps the order: a lower bucket always means a smaller weight.
        var bucketsPerUnit = (Buckets - 1) / Math.Max(1, (double)(most - least));
        Span<long> cheapest = stackalloc long[Buckets + 1];
        cheapest.Fill(long.MaxValue);
        for (var i = 0; i < weights.Length; i++)
        {
            ref var entry = ref cheapest[(int)((weights[i] - least) * bucketsPerUnit) + 1];
            entry = Math.Min(entry, costs[i]);
        }

        for (var b = 1; b <= Buckets; b++)
        {
            cheapest[b] = Math.Min(cheapest[b], cheapest[b - 1]);
        }

        var kept = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (costs[i] < cheapest[(int)((weights[i] - least) * bucketsPerUnit)])
            {
                weights[kept] = weights[i];
                costs[kept++] = costs[i];
            }
        }

        return kept;
    }

    private static bool IsSorted(ReadOnlySpan<long> weights)
    {
        for (var i = 1; i < weights.Length; i++)
        {
            if (weights[i] < weights[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private static int[] LowerHull(long[] weights, long[] costs)
    {
        Span<int> corners = weights.Length <= 512 ? stackalloc int[weights.Length] : new int[weights.Length];
        var n = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            while (n > 1 && !IsConvex(corners[n - 2], corners[n - 1], i))
            {
                n--;
            }

            corners[n++] = i;
        }

        return corners[..n].ToArray();

        bool IsConvex(int a, int b, int c) =>
            Math.BigMul(costs[a] - costs[b], weights[c] - weights[b]) > Math.BigMul(costs[b] - costs[c], weights[b] - weights[a]);
    }
}
