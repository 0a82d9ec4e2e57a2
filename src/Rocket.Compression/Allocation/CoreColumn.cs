namespace Rocket.Compression.Allocation;

/// <summary>The deviations that an item's copies may still make: all whose excess stays within the gap of the incumbent.</summary>
internal sealed class CoreColumn
{
    private CoreColumn(int item, int copies, Deviation[] deviations)
    {
        Item = item;
        Copies = copies;
        Deviations = deviations;
        foreach (var d in deviations)
        {
            if (d.Weight > 0)
            {
                LeastRise = Math.Min(LeastRise, d.Excess);
                RiseRate = Math.Min(RiseRate, (double)d.Excess / d.Weight);
            }
            else
            {
                LeastFall = Math.Min(LeastFall, d.Excess);
                FallRate = Math.Min(FallRate, (double)d.Excess / -d.Weight);
            }
        }
    }

    /// <summary>Another point than the base, relative to it; the excess is in 2^-shift, rounded down.</summary>
    public readonly record struct Deviation(long Weight, long Cost, long Excess, int Point);

    /// <summary>The item's index.</summary>
    public int Item { get; }

    /// <summary>How many groups may deviate, each once.</summary>
    public int Copies { get; }

    /// <summary>By rising excess.</summary>
    public Deviation[] Deviations { get; }

    /// <summary>The smallest excess of a deviation that adds weight, which is also one that saves cost.</summary>
    public long LeastRise { get; } = long.MaxValue;

    /// <summary>The smallest excess of a deviation that removes weight.</summary>
    public long LeastFall { get; } = long.MaxValue;

    /// <summary>The smallest excess for a unit of weight added.</summary>
    public double RiseRate { get; } = double.PositiveInfinity;

    /// <summary>The smallest excess for a unit of weight removed.</summary>
    public double FallRate { get; } = double.PositiveInfinity;

    /// <summary>The columns that have deviations, those whose exchange rate is nearest to the multiplier first.</summary>
    public static CoreColumn[] Within(KnapsackClasses classes, LagrangianPoint start, Int128 gap, int shift)
    {
        var columns = new List<CoreColumn>();
        var deviations = new List<Deviation>();
        var roundedGap = (double)gap;
        for (var i = 0; i < start.Items.Count; i++)
        {
            var item = start.Items[i];
            var front = classes.Fronts[item.Class];
            var (first, end) = Near(front, item.Point, start, roundedGap);
            deviations.Clear();
            for (var point = first; point < end; point++)
            {
                var weight = front.Weights[point] - front.Weights[item.Point];
                var cost = front.Costs[point] - front.Costs[item.Point];
                if (point == item.Point || start.IsBeyond(weight, cost, roundedGap))
                {
                    continue;
                }

                var excess = start.Excess(weight, cost);
                if (excess <= gap)
                {
                    deviations.Add(new Deviation(weight, cost, (long)(excess >> shift), point));
                }
            }

            if (deviations.Count > 0)
            {
                deviations.Sort(static (a, b) => a.Excess != b.Excess ? a.Excess.CompareTo(b.Excess) : a.Point.CompareTo(b.Point));
                columns.Add(new CoreColumn(i, item.Copies, [.. deviations]));
            }
        }

        columns.Sort(static (a, b) =>
        {
            var byRate = Math.Min(a.RiseRate, a.FallRate).CompareTo(Math.Min(b.RiseRate, b.FallRate));
            return byRate != 0 ? byRate : Mixed(a.Item).CompareTo(Mixed(b.Item));
        });
        return [.. columns];
    }

    /// <summary>The points up to the first corner of the hull on either side whose excess is beyond the gap: along the hull it only grows, and no point is below the hull.</summary>
    private static (int First, int End) Near(ParetoFront front, int point, LagrangianPoint start, double gap)
    {
        var corner = Array.BinarySearch(front.Hull, point);
        var (low, high) = (corner, corner);
        while (low > 0 && (low == corner || !IsBeyond(low)))
        {
            low--;
        }

        while (high < front.Hull.Length - 1 && (high == corner || !IsBeyond(high)))
        {
            high++;
        }

        return (front.Hull[low], front.Hull[high] + 1);

        bool IsBeyond(int step) =>
            start.IsBeyond(front.Weights[front.Hull[step]] - front.Weights[point], front.Costs[front.Hull[step]] - front.Costs[point], gap);
    }

    // Items whose base is heavy lie together, and so do light ones: mixed, a search soon meets both what adds weight and what removes it. Odd, hence one to one.
    private static uint Mixed(int item) => (uint)item * 2654435769;
}
