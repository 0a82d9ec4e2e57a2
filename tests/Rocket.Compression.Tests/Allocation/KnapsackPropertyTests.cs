using System.Collections.Immutable;
using CsCheck;
using Rocket.Compression.Allocation;
using Rocket.Models.Diagnostics;

namespace Rocket.Compression.Tests.Allocation;

public sealed class KnapsackPropertyTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void A_small_instance_equals_brute_force() => KnapsackInstances.Small.Sample(
        instance =>
        {
            var (groups, capacity) = instance;
            var fitting = KnapsackInstances.Selections(groups).Where(s => s.Weight <= capacity).ToArray();
            if (fitting.Length == 0)
            {
                Assert.Equal("RKT4001", Assert.Throws<RocketException>(() => Knapsack.Solve(groups, capacity)).Code);
                return;
            }

            var solution = Knapsack.Solve(groups, capacity);
            Assert.Equal(fitting.Min(s => s.Cost), solution.Cost, Tolerance);
            Assert.True(solution.IsProven);
            var total = KnapsackInstances.Total(groups, solution);
            Assert.Equal(solution.Weight, total.Weight);
            Assert.Equal(solution.Cost, total.Cost, Tolerance);
            Assert.True(solution.Weight <= capacity);
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void The_smallest_weight_under_a_cost_equals_brute_force() => Gen.Select(KnapsackInstances.Small, Gen.Double[-1, 8]).Sample(
        (instance, maxCost) =>
        {
            var groups = instance.Groups;
            var selections = KnapsackInstances.Selections(groups).ToArray();
            var fitting = selections.Where(s => s.Cost <= maxCost - 1e-12).ToArray();
            if (fitting.Length == 0)
            {
                return;
            }

            // The oracle's own sums are rounded, so that a selection just at the limit may count or not.
            var solution = Knapsack.SmallestWeight(groups, maxCost);
            Assert.InRange(solution.Weight, selections.Where(s => s.Cost <= maxCost + 1e-12).Min(s => s.Weight), fitting.Min(s => s.Weight));
            Assert.True(KnapsackInstances.Total(groups, solution).Cost <= maxCost + 1e-12);
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void A_selection_is_never_over_the_capacity_and_never_below_its_bound() => KnapsackInstances.Large.Sample(
        (groups, share) =>
        {
            var capacity = KnapsackInstances.Capacity(groups, share);
            var solution = Knapsack.Solve(groups, capacity);
            var total = KnapsackInstances.Total(groups, solution);
            Assert.True(solution.Weight <= capacity);
            Assert.Equal(total.Weight, solution.Weight);
            Assert.Equal(total.Cost, solution.Cost, Tolerance * solution.Cost);
            Assert.True(solution.Bound <= solution.Cost);
            Assert.Equal(solution.IsProven, solution.Gap == 0);
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void A_large_instance_equals_dynamic_programming_over_the_weight() => KnapsackInstances.Large.Sample(
        (groups, share) =>
        {
            var capacity = KnapsackInstances.Capacity(groups, share);
            Assert.Equal(DynamicProgram(groups, capacity), Knapsack.Solve(groups, capacity).Cost, Tolerance * 1e5);
        },
        iter: KnapsackInstances.Cases / 10);

    [Fact]
    public void Many_equal_groups_equal_dynamic_programming_over_the_weight() => KnapsackInstances.Repeated.Sample(
        (groups, share) =>
        {
            var capacity = KnapsackInstances.Capacity(groups, share);
            var solution = Knapsack.Solve(groups, capacity);
            var total = KnapsackInstances.Total(groups, solution);
            Assert.Equal(total.Weight, solution.Weight);
            Assert.Equal(total.Cost, solution.Cost, Tolerance * 1e5);
            Assert.True(solution.IsProven && solution.Weight <= capacity);
            Assert.Equal(DynamicProgram(KnapsackInstances.Enumerated(groups), capacity), solution.Cost, Tolerance * 1e5);
        },
        iter: KnapsackInstances.Cases / 10);

    [Fact]
    public void More_capacity_never_costs_more() => Gen.Select(KnapsackInstances.Large, Gen.Long[1, 40]).Sample(
        (instance, more) =>
        {
            var capacity = KnapsackInstances.Capacity(instance.Groups, instance.Share);
            var solutions = Knapsack.SolveMany(instance.Groups, [capacity, capacity + more]);
            Assert.True(solutions[1].Cost <= solutions[0].Cost);
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void The_order_of_groups_and_options_changes_neither_cost_nor_weight() => Gen.Select(KnapsackInstances.Large, Gen.Int).Sample(
        (instance, seed) =>
        {
            var (groups, share) = instance;
            var random = new Random(seed);
            var shuffled = groups.ToArray();
            random.Shuffle(shuffled);
            for (var g = 0; g < shuffled.Length; g++)
            {
                var options = shuffled[g].Options.ToArray();
                random.Shuffle(options);
                shuffled[g] = new KnapsackGroup([.. options]);
            }

            var capacity = KnapsackInstances.Capacity(groups, share);
            var (one, other) = (Knapsack.Solve(groups, capacity), Knapsack.Solve(shuffled, capacity));
            Assert.Equal(one.Cost, other.Cost);
            Assert.Equal(one.Weight, other.Weight);
            Assert.Equal(one.Bound, other.Bound);
        },
        iter: KnapsackInstances.Cases);

    [Fact]
    public void Counted_groups_are_the_same_as_enumerated_ones() => KnapsackInstances.Small.Sample(
        instance =>
        {
            var (groups, capacity) = instance;
            if (capacity >= groups.Sum(g => g.Options.Min(o => o.Weight) * g.Count))
            {
                var (counted, enumerated) = (Knapsack.Solve(groups, capacity), Knapsack.Solve(KnapsackInstances.Enumerated(groups), capacity));
                Assert.Equal(enumerated.Cost, counted.Cost);
                Assert.Equal(enumerated.Weight, counted.Weight);
            }
        },
        iter: KnapsackInstances.Cases);

    private static double DynamicProgram(ImmutableArray<KnapsackGroup> groups, long capacity)
    {
        var best = new double[capacity + 1];
        foreach (var group in groups)
        {
            var next = new double[capacity + 1];
            Array.Fill(next, double.PositiveInfinity);
            foreach (var option in group.Options)
            {
                for (var w = option.Weight; w <= capacity; w++)
                {
                    next[w] = Math.Min(next[w], best[w - option.Weight] + option.Cost);
                }
            }

            best = next;
        }

        return best[capacity];
    }
}
