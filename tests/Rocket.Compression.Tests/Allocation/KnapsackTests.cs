using Rocket.Compression.Allocation;
using Rocket.Models.Diagnostics;

namespace Rocket.Compression.Tests.Allocation;

public sealed class KnapsackTests
{
    private static readonly KnapsackGroup _pair = new([new(10, 0), new(4, 1.5)]);

    [Fact]
    public void A_capacity_out_of_reach_is_told_with_the_smallest_weight()
    {
        var error = Assert.Throws<RocketException>(() => Knapsack.Solve([_pair, _pair], 7));
        Assert.Equal("RKT4001", error.Code);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
        Assert.Contains("8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cost_that_is_not_a_number_is_refused() =>
        Assert.Equal("RKT4002", Assert.Throws<RocketException>(() => Knapsack.Solve([new([new(1, double.NaN)])], 7)).Code);

    [Fact]
    public void A_cost_limit_out_of_reach_is_told_with_the_smallest_cost()
    {
        var error = Assert.Throws<RocketException>(() => Knapsack.SmallestWeight([new([new(1, 0.5)])], 0.25));
        Assert.Equal("RKT4003", error.Code);
        Assert.Contains("0.5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_without_options_is_refused() =>
        Assert.Equal("RKT4004", Assert.Throws<RocketException>(() => Knapsack.Solve([_pair, new([])], 70)).Code);

    [Fact]
    public void Weights_that_could_overflow_are_refused() =>
        Assert.Equal("RKT4005", Assert.Throws<RocketException>(() => Knapsack.Solve([new([new(long.MaxValue / 2, 0)], 3)], 70)).Code);

    [Fact]
    public void Sums_beyond_32_bits_are_exact()
    {
        var solution = Knapsack.Solve([new([new(1L << 59, 0), new(1, 1)]), new([new((1L << 59) + 1, 0), new(0, 1.5)])], 1L << 59);
        Assert.Equal((1L << 59, 1.5), (solution.Weight, solution.Cost));
    }

    [Fact]
    public void Of_counted_groups_the_lighter_choices_come_first()
    {
        var solution = Knapsack.Solve([_pair with { Count = 3 }], 20);
        Assert.Equal([1, 1, 0], solution.Selection);
        Assert.Equal((18L, 3.0, true), (solution.Weight, solution.Cost, solution.IsProven));
    }

    [Fact]
    public void Of_equal_options_the_first_is_named() =>
        Assert.Equal([1], Knapsack.Solve([new([new(9, 3), new(5, 1), new(5, 1), new(6, 1)])], 100).Selection);

    [Fact]
    public void No_groups_cost_nothing() => Assert.Equal((0L, 0.0, true), (Knapsack.Solve([], 0).Weight, Knapsack.Solve([], 0).Cost, Knapsack.Solve([], 0).IsProven));

    [Fact]
    public void Decimal_costs_are_summed_as_decimals()
    {
        var solution = Knapsack.Solve([new([new(1, 0.1)], 3)], 3);
        Assert.Equal((0.3, 0.1), (solution.Cost, solution.Quantum));
    }

    [Fact]
    public void Costs_of_very_different_sizes_keep_their_order()
    {
        KnapsackGroup tiny = new([new(2, 1e-9), new(1, 3e-9)]);
        KnapsackGroup huge = new([new(2, 1e3), new(1, Math.PI * 1e3)]);
        Assert.Equal([1, 0], Knapsack.Solve([tiny, huge], 3).Selection);
        Assert.Equal([0, 0], Knapsack.Solve([tiny, huge], 4).Selection);
    }
}
