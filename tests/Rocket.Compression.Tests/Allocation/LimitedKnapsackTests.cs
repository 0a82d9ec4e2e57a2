using System.Collections.Immutable;
using CsCheck;
using Rocket.Compression.Allocation;

namespace Rocket.Compression.Tests.Allocation;

public sealed class LimitedKnapsackTests
{
    private const double Tolerance = 1e-9;

    /// <summary>Small groups with one to three limits, from above or below, over overlapping sets of groups.</summary>
    private static readonly Gen<(ImmutableArray<KnapsackGroup> Groups, long Capacity, ImmutableArray<KnapsackLimit> Limits)> _small =
        from instance in KnapsackInstances.Small
        let groups = KnapsackInstances.Enumerated(instance.Groups)
        from limits in Gen.Select(Gen.Bool.Array[groups.Length], Gen.Bool, Gen.Double[-0.05, 1], (covered, fromBelow, share) => Limit(groups, covered, fromBelow, share)).Array[1, 3]
        select (groups, instance.Capacity, limits.ToImmutableArray());

    [Fact]
    public void The_cheapest_within_all_sums_equals_brute_force() => _small.Sample(
        instance =>
        {
            var (groups, capacity, limits) = instance;
            var allowed = Selections(groups).Where(s => limits.All(limit => limit.Holds(s))).Where(s => Weight(groups, s) <= capacity).ToArray();
            if (capacity < groups.Sum(g => g.Options.Min(o => o.Weight)))
            {
                return;
            }

            var solution = LimitedKnapsack.Solve(groups, capacity, limits);
            Assert.Equal(allowed.Length == 0, solution is null);
            if (solution is not null)
            {
                Assert.True(solution.IsProven);
                Assert.Equal(allowed.Min(s => Cost(groups, s)), solution.Cost, Tolerance);
                Assert.Equal(Cost(groups, [.. solution.Selection]), solution.Cost, Tolerance);
                Assert.True(solution.Weight <= capacity && solution.Weight == Weight(groups, [.. solution.Selection]));
                Assert.All(limits, limit => Assert.True(limit.Holds(solution.Selection)));
            }
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void The_lightest_within_all_sums_equals_brute_force() => Gen.Select(_small, Gen.Double[-1, 8]).Sample(
        (instance, maxCost) =>
        {
            var (groups, _, limits) = instance;
            var allowed = Selections(groups).Where(s => limits.All(limit => limit.Holds(s))).ToArray();
            var fitting = allowed.Where(s => Cost(groups, s) <= maxCost - 1e-12).ToArray();
            if (fitting.Length == 0)
            {
                return;
            }

            // The oracle's own sums are rounded, so that a selection just at the limit may count or not.
            var solution = LimitedKnapsack.SmallestWeight(groups, maxCost, limits)!;
            Assert.InRange(solution.Weight, allowed.Where(s => Cost(groups, s) <= maxCost + 1e-12).Min(s => Weight(groups, s)), fitting.Min(s => Weight(groups, s)));
            Assert.All(limits, limit => Assert.True(limit.Holds(solution.Selection)));
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void A_large_selection_keeps_its_sums_and_is_not_below_its_bound() => Gen.Select(KnapsackInstances.Large, Gen.Double[0, 1], Gen.Double[0.05, 0.95]).Sample(
        (instance, second, share) =>
        {
            var groups = instance.Groups;
            var capacity = KnapsackInstances.Capacity(groups, Math.Max(instance.Share, 0.4));
            var halves = new[] { true, false }.Select(even => groups.Select((_, g) => g % 2 == 0 == even).ToArray()).ToArray();
            KnapsackLimit[] limits = [Limit(groups, halves[0], fromBelow: false, share), Limit(groups, halves[1], fromBelow: true, second * 0.3)];
            if (LimitedKnapsack.Solve(groups, capacity, limits) is { } solution)
            {
                Assert.True(solution.Weight <= capacity && solution.Bound <= solution.Cost);
                Assert.All(limits, limit => Assert.True(limit.Holds(solution.Selection)));
                Assert.True(solution.Cost >= Knapsack.Solve(groups, capacity).Bound - (Tolerance * solution.Cost));
                Assert.InRange(solution.Gap, 0, 0.2);
            }
        },
        iter: 40);

    [Fact]
    public void A_group_that_stands_for_many_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LimitedKnapsack.Solve([new([new(1, 1)], 2)], 9, []));

    private static KnapsackLimit Limit(ImmutableArray<KnapsackGroup> groups, bool[] covered, bool fromBelow, double share)
    {
        var amounts = groups.Select((g, i) => covered[i] ? g.Options.Select(o => fromBelow ? -o.Weight : o.Weight).ToImmutableArray() : []).ToImmutableArray();
        var (least, most) = (amounts.Sum(a => a.IsEmpty ? 0 : a.Min()), amounts.Sum(a => a.IsEmpty ? 0 : a.Max()));
        return new KnapsackLimit(amounts, least + (long)(share * (most - least)));
    }

    private static int[][] Selections(ImmutableArray<KnapsackGroup> groups) => groups.Aggregate(
        (IEnumerable<int[]>)[[]],
        (chosen, g) => chosen.SelectMany(s => Enumerable.Range(0, g.Options.Length).Select(o => (int[])[.. s, o]))).ToArray();

    private static long Weight(ImmutableArray<KnapsackGroup> groups, int[] selection) => selection.Select((o, g) => groups[g].Options[o].Weight).Sum();

    private static double Cost(ImmutableArray<KnapsackGroup> groups, int[] selection) => selection.Select((o, g) => groups[g].Options[o].Cost).Sum();
}
