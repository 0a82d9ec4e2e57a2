using Rocket.Compression.Diagnostics;

namespace Rocket.Compression.Allocation;

/// <summary>A knapsack in integers: groups of the same front are one class with a count, and the classes' order depends on their content alone.</summary>
/// <remarks>Everything after this sees only classes, so no permutation of groups or options can change an answer.</remarks>
internal sealed class KnapsackClasses
{
    private static readonly Int128 LargestWeight = (Int128)1 << 61;

    private KnapsackClasses(ParetoFront[] fronts, int[] counts, int[] classOfGroup, int[][] originsOfGroup)
    {
        Fronts = fronts;
        Counts = counts;
        ClassOfGroup = classOfGroup;
        OriginsOfGroup = originsOfGroup;
    }

    /// <summary>One front a class.</summary>
    public ParetoFront[] Fronts { get; }

    /// <summary>How many groups a class stands for, counted groups included.</summary>
    public int[] Counts { get; }

    /// <summary>The class of every group that was handed in.</summary>
    public int[] ClassOfGroup { get; }

    /// <summary>The option of every group that each point of its class's front is.</summary>
    public int[][] OriginsOfGroup { get; }

    /// <summary>Builds the classes of the fronts.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="frontOf">The front of one group, its index given.</param>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4005 where weights could overflow.</exception>
    public static KnapsackClasses Of(IReadOnlyList<KnapsackGroup> groups, Func<int, ParetoFront> frontOf)
    {
        var all = new ParetoFront[groups.Count];
        var order = new int[groups.Count];
        for (var g = 0; g < all.Length; g++)
        {
            all[g] = frontOf(g);
            order[g] = g;
        }

        Array.Sort(order, (a, b) => all[a].CompareTo(all[b]));
        var fronts = new List<ParetoFront>();
        var counts = new List<int>();
        var classOfGroup = new int[groups.Count];
        foreach (var g in order)
        {
            if (fronts.Count == 0 || all[g].CompareTo(fronts[^1]) != 0)
            {
                fronts.Add(all[g]);
                counts.Add(0);
            }

            counts[^1] = checked(counts[^1] + groups[g].Count);
            classOfGroup[g] = fronts.Count - 1;
        }

        var classes = new KnapsackClasses([.. fronts], [.. counts], classOfGroup, Array.ConvertAll(all, front => front.Origins));
        classes.RequireSmallTotals();
        return classes;
    }

    /// <summary>The sum of one value a class, times its count.</summary>
    public long Sum(Func<ParetoFront, long> value)
    {
        var sum = 0L;
        for (var i = 0; i < Fronts.Length; i++)
        {
            sum = checked(sum + (value(Fronts[i]) * Counts[i]));
        }

        return sum;
    }

    private void RequireSmallTotals()
    {
        Int128 total = 0;
        for (var i = 0; i < Fronts.Length; i++)
        {
            total += (Int128)Fronts[i].Weights[^1] * Counts[i];
        }

        if (total > LargestWeight)
        {
            throw AllocationErrors.WeightsTooLarge(total);
        }
    }
}
