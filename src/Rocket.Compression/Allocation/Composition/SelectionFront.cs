using System.Collections.Immutable;

namespace Rocket.Compression.Allocation.Composition;

/// <summary>The selections of one option of every group that no other selection beats in both weight and cost.</summary>
/// <remarks>
/// Group by group: what is beaten among the first groups is beaten with any option of the others as well, so nothing that an optimum could need is left out.
/// </remarks>
internal sealed class SelectionFront
{
    private readonly SelectionFront? _before;
    private readonly List<Point> _points;

    private SelectionFront(SelectionFront? before, List<Point> points) => (_before, _points) = (before, points);

    /// <summary>The selection of no groups.</summary>
    public static SelectionFront Empty { get; } = new(null, [new Point(0, 0, 0, 0)]);

    /// <summary>Weights rise, costs fall.</summary>
    public IReadOnlyList<Point> Points => _points;

    /// <summary>Adds a group.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="mostPoints">Most selections that may be left at any time.</param>
    /// <returns>Null where more are left.</returns>
    public SelectionFront? With(ImmutableArray<KnapsackOption> options, int mostPoints)
    {
        List<Point> front = [];
        foreach ((KnapsackOption option, int o) in options.Select((option, o) => (option, o)))
        {
            front = Merge(front, _points.Select((point, p) => new Point(checked(point.Weight + option.Weight), point.Cost + option.Cost, p, o)));
            if (front.Count > mostPoints)
            {
                return null;
            }
        }

        return new SelectionFront(this, front);
    }

    /// <summary>The options of a selection, in the order of the groups.</summary>
    public ImmutableArray<int> Options(int point) => _before is null ? [] : [.. _before.Options(_points[point].Before), _points[point].Option];

    // Both rise in weight; of equal points the first list's stays.
    private static List<Point> Merge(List<Point> first, IEnumerable<Point> second)
    {
        var front = new List<Point>(first.Count);
        int f = 0;
        foreach (Point point in second)
        {
            for (; f < first.Count && (first[f].Weight, first[f].Cost).CompareTo((point.Weight, point.Cost)) <= 0; f++)
            {
                Add(front, first[f]);
            }

            Add(front, point);
        }

        for (; f < first.Count; f++)
        {
            Add(front, first[f]);
        }

        return front;
    }

    private static void Add(List<Point> front, Point point)
    {
        if (front.Count == 0 || point.Cost < front[^1].Cost)
        {
            front.Add(point);
        }
    }

    /// <summary>A selection: its sums, the selection of the groups before the last, and the last group's option.</summary>
    internal readonly record struct Point(long Weight, double Cost, int Before, int Option);
}
