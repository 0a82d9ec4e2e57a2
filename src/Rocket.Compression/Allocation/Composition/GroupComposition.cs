using System.Collections.Immutable;

namespace Rocket.Compression.Allocation.Composition;

/// <summary>One knapsack group for groups that come in several ways, of which one is taken: a fused weight as the linears that it holds, or as one.</summary>
/// <remarks>
/// Its options are the selections of every way, weights and costs added up, that no selection of any way beats in both.
/// Nothing that an optimum could need is left out, so the knapsack's proof holds for the groups themselves.
/// </remarks>
public sealed class GroupComposition
{
    /// <summary>Most options that a composed group has, where nothing else is said.</summary>
    public const int DefaultMostOptions = 1 << 16;

    private readonly ImmutableArray<(SelectionFront Front, int Way, int Point)> _selections;

    private GroupComposition(IEnumerable<(SelectionFront Front, int Way, int Point)> selections)
    {
        _selections = [.. selections];
        Group = new KnapsackGroup([.. _selections.Select(s => s.Front.Points[s.Point]).Select(point => new KnapsackOption(point.Weight, point.Cost))]);
    }

    /// <summary>The group: weights rise, costs fall.</summary>
    public KnapsackGroup Group { get; }

    /// <summary>Composes ways; of equal selections that of the first way stays.</summary>
    /// <param name="ways">The groups of every way, each of a single count; one without options takes its way out.</param>
    /// <param name="mostOptions">Most options that a composed group may have.</param>
    /// <returns>Null where there are more, or none.</returns>
    public static GroupComposition? TryCreate(IReadOnlyList<IReadOnlyList<KnapsackGroup>> ways, int mostOptions = DefaultMostOptions)
    {
        ArgumentNullException.ThrowIfNull(ways);
        var all = new List<(SelectionFront Front, int Way, int Point)>();
        for (int w = 0; w < ways.Count; w++)
        {
            SelectionFront front = SelectionFront.Empty;
            foreach (KnapsackGroup group in ways[w])
            {
                ArgumentOutOfRangeException.ThrowIfNotEqual(group.Count, 1, nameof(ways));
                if (front.With(group.Options, mostOptions) is not { } longer)
                {
                    return null;
                }

                front = longer;
            }

            all.AddRange(front.Points.Select((_, p) => (front, w, p)));
        }

        List<(SelectionFront Front, int Way, int Point)> kept = [];
        double least = double.PositiveInfinity;
        foreach (var selection in all.OrderBy(s => s.Front.Points[s.Point].Weight).ThenBy(s => s.Front.Points[s.Point].Cost))
        {
            double cost = selection.Front.Points[selection.Point].Cost;
            if (cost < least)
            {
                least = cost;
                kept.Add(selection);
            }
        }

        return kept.Count is 0 || kept.Count > mostOptions ? null : new GroupComposition(kept);
    }

    /// <summary>What an option of the group stands for.</summary>
    /// <param name="option">Index of the option.</param>
    /// <returns>Index of the way, and the index of the option of each of its groups.</returns>
    public (int Way, ImmutableArray<int> Options) Selection(int option)
    {
        (SelectionFront front, int way, int point) = _selections[option];
        return (way, front.Options(point));
    }
}
