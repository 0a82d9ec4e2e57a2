namespace Rocket.Compression.Allocation;

/// <summary>The options of a group that no other option beats in both weight and cost: weights rise, costs fall.</summary>
/// <param name="weights">Strictly rising.</param>
/// <param name="costs">Strictly falling.</param>
/// <param name="origins">The option that each point is.</param>
internal sealed class ParetoFront(long[] weights, long[] costs, int[] origins) : IComparable<ParetoFront>
{
    /// <summary>Strictly rising weights.</summary>
    public long[] Weights { get; } = weights;

    /// <summary>Strictly falling costs, in integer units.</summary>
    public long[] Costs { get; } = costs;

    /// <summary>The index of the option that each point is, of equal ones the first.</summary>
    public int[] Origins { get; } = origins;

    /// <summary>Indices of the corners of the lower convex hull, first and last option included.</summary>
    public int[] Hull { get; } = LowerHull(weights, costs);

    /// <summary>What the hull's edge from corner <paramref name="step"/> to the next one adds in weight and saves in cost, both positive.</summary>
    public (long Weight, long Saving) Edge(int step)
    {
        var (from, to) = (Hull[step], Hull[step + 1]);
        return (Weights[to] - Weights[from], Costs[from] - Costs[to]);
    }

    /// <summary>An order that depends on nothing but weights and costs.</summary>
    public int CompareTo(ParetoFront? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byWeight = Weights.AsSpan().SequenceCompareTo(other.Weights);
        return byWeight != 0 ? byWeight : Costs.AsSpan().SequenceCompareTo(other.Costs);
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
