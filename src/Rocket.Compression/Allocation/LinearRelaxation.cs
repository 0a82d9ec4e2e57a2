using System.Diagnostics;

namespace Rocket.Compression.Allocation;

/// <summary>The edges of all lower convex hulls: the linear relaxation of a capacity takes the steepest of them until one does not fit.</summary>
/// <remarks>Edges are counted in buckets of slopes; only the bucket that the capacity cuts is ever sorted.</remarks>
internal sealed class LinearRelaxation
{
    private const int BucketBits = 14;

    /// <summary>A quotient of two rounded integers is off by a few units in the last place; this is far more.</summary>
    private const double Caution = 1e-14;

    private readonly KnapsackClasses _classes;
    private readonly int[] _class;
    private readonly int[] _step;
    private readonly double[] _slopes;
    private readonly long[] _weights;
    private readonly long[] _weightOfBucket = new long[1 << BucketBits];
    private readonly long _mostWeight;
    private readonly long _leastBits;
    private readonly int _shift;

    /// <summary>Counts the edges by the cost that they save a unit of weight.</summary>
    public LinearRelaxation(KnapsackClasses classes)
    {
        _classes = classes;
        var edges = classes.Fronts.Sum(f => f.Hull.Length - 1);
        (_class, _step, _slopes, _weights) = (new int[edges], new int[edges], new double[edges], new long[edges]);
        LeastWeight = classes.Sum(f => f.Weights[0]);
        _mostWeight = LeastWeight;
        var (e, least, most) = (0, double.MaxValue, 0.0);
        for (var c = 0; c < classes.Fronts.Length; c++)
        {
            var front = classes.Fronts[c];
            for (var step = 0; step < front.Hull.Length - 1; step++, e++)
            {
                var (weight, saving) = front.Edge(step);
                (_class[e], _step[e], _slopes[e], _weights[e]) = (c, step, (double)saving / weight, weight * classes.Counts[c]);
                (least, most) = (Math.Min(least, _slopes[e]), Math.Max(most, _slopes[e]));
                _mostWeight += _weights[e];
            }
        }

        // The bits of positive doubles are ordered as the doubles are.
        _leastBits = BitConverter.DoubleToInt64Bits(least);
        var span = (ulong)Math.Max(0, BitConverter.DoubleToInt64Bits(most) - _leastBits);
        _shift = Math.Max(0, 64 - System.Numerics.BitOperations.LeadingZeroCount(span) - BucketBits);
        for (var i = 0; i < edges; i++)
        {
            _weightOfBucket[(BitConverter.DoubleToInt64Bits(_slopes[i]) - _leastBits) >> _shift] += _weights[i];
        }
    }

    /// <summary>The weight of the lightest option of every group.</summary>
    public long LeastWeight { get; }

    /// <summary>The edge that the capacity cuts, whose slope is the Lagrange multiplier; null where everything at its cheapest fits.</summary>
    public (long Weight, long Saving)? CriticalEdge(long capacity)
    {
        if (capacity >= _mostWeight)
        {
            return null;
        }

        var bucket = _weightOfBucket.Length;
        for (var total = LeastWeight; total <= capacity;)
        {
            total += _weightOfBucket[--bucket];
        }

        // With a margin to either side, so that what is sorted exactly holds every edge that rounding could have put into the wrong bucket.
        var low = BitConverter.Int64BitsToDouble(_leastBits + ((long)bucket << _shift)) * (1 - Caution);
        var high = BitConverter.Int64BitsToDouble(_leastBits + ((bucket + 1L) << _shift)) * (1 + Caution);
        var near = new List<int>();
        var weight = LeastWeight;
        for (var e = 0; e < _slopes.Length; e++)
        {
            if (_slopes[e] > high)
            {
                weight += _weights[e];
            }
            else if (_slopes[e] >= low)
            {
                near.Add(e);
            }
        }

        near.Sort(SteeperFirst);
        foreach (var e in near)
        {
            weight += _weights[e];
            if (weight > capacity)
            {
                return _classes.Fronts[_class[e]].Edge(_step[e]);
            }
        }

        throw new UnreachableException();
    }

    private int SteeperFirst(int a, int b)
    {
        var (weightA, savingA) = _classes.Fronts[_class[a]].Edge(_step[a]);
        var (weightB, savingB) = _classes.Fronts[_class[b]].Edge(_step[b]);
        var order = Math.BigMul(savingB, weightA).CompareTo(Math.BigMul(savingA, weightB));
        return order != 0 ? order : a.CompareTo(b);
    }
}
