namespace Rocket.Compression.Allocation;

/// <summary>The edges of all lower convex hulls, steepest first: the linear relaxation of every capacity is a prefix of them.</summary>
internal sealed class LinearRelaxation
{
    private readonly KnapsackClasses _classes;
    private readonly int[] _class;
    private readonly int[] _step;
    private readonly long[] _weightAfter;

    /// <summary>Sorts the edges by the cost that they save a unit of weight.</summary>
    public LinearRelaxation(KnapsackClasses classes)
    {
        _classes = classes;
        var edges = classes.Fronts.Sum(f => f.Hull.Length - 1);
        _class = new int[edges];
        _step = new int[edges];
        var slopes = new double[edges];
        var order = new int[edges];
        var e = 0;
        for (var c = 0; c < classes.Fronts.Length; c++)
        {
            for (var step = 0; step < classes.Fronts[c].Hull.Length - 1; step++, e++)
            {
                var (weight, cost) = classes.Fronts[c].Edge(step);
                (_class[e], _step[e], slopes[e], order[e]) = (c, step, -((double)cost / weight), e);
            }
        }

        Array.Sort(slopes, order);
        MendRounding(slopes, order);
        _class = Array.ConvertAll(order, i => _class[i]);
        _step = Array.ConvertAll(order, i => _step[i]);
        LeastWeight = classes.Sum(f => f.Weights[0]);
        _weightAfter = new long[edges];
        var total = LeastWeight;
        for (var i = 0; i < edges; i++)
        {
            total += classes.Fronts[_class[i]].Edge(_step[i]).Weight * classes.Counts[_class[i]];
            _weightAfter[i] = total;
        }
    }

    /// <summary>The weight of the lightest option of every group.</summary>
    public long LeastWeight { get; }

    /// <summary>The edge that the capacity cuts, whose slope is the Lagrange multiplier; null where everything at its cheapest fits.</summary>
    public (long Weight, long Saving)? CriticalEdge(long capacity)
    {
        var found = Array.BinarySearch(_weightAfter, capacity);
        var first = found < 0 ? ~found : found + 1;
        return first == _class.Length ? null : _classes.Fronts[_class[first]].Edge(_step[first]);
    }

    /// <summary>Doubles put slopes that differ in their last bits into any order; neighbours are compared exactly and moved.</summary>
    private void MendRounding(double[] slopes, int[] order)
    {
        for (var i = 1; i < order.Length; i++)
        {
            // A quotient is off by a few units in the last place; the slopes are negative, the steepest first.
            if (slopes[i - 1] * (1 - 1e-14) < slopes[i])
            {
                continue;
            }

            var moved = order[i];
            var j = i;
            for (; j > 0 && Precedes(moved, order[j - 1]); j--)
            {
                order[j] = order[j - 1];
            }

            order[j] = moved;
        }
    }

    private bool Precedes(int a, int b)
    {
        var (weightA, savingA) = _classes.Fronts[_class[a]].Edge(_step[a]);
        var (weightB, savingB) = _classes.Fronts[_class[b]].Edge(_step[b]);
        var left = Math.BigMul(savingA, weightB);
        var right = Math.BigMul(savingB, weightA);
        return left > right || (left == right && a < b);
    }
}
