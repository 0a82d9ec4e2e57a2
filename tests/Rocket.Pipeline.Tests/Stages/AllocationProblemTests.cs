using System.Collections.Immutable;
using Rocket.Compression.Allocation;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Tests.Stages;

public sealed class AllocationProblemTests
{
    // A linear, and a fused weight of two linears that may be taken as one.
    private static readonly ImmutableArray<AllocationUnit> Units = [new([[0]]), new([[1, 2], [3]])];

    private static readonly KnapsackOption[][] Options =
    [
        [new(4, 0), new(2, 3)],
        [new(6, 0), new(3, 2)],
        [new(6, 0), new(3, 4)],
        [new(12, 0), new(7, 3), new(6, 5)],
    ];

    [Theory]
    [InlineData(16, 0, 0, 0, -1)]
    [InlineData(13, 0, 1, 0, -1)]
    [InlineData(11, 0, -1, -1, 1)]
    [InlineData(8, 1, -1, -1, 2)]
    public void The_cheaper_way_of_a_weight_is_taken_and_the_other_ways_linears_have_no_option(long capacity, params int[] expected)
    {
        var problem = new AllocationProblem(Units, All(Options), (l, o) => Options[l][o]);
        Assert.Equal(expected, problem.Options(problem.Knapsack.Solve(capacity)));
    }

    [Fact]
    public void Options_are_told_by_their_own_numbers_where_some_may_not_be_taken()
    {
        var problem = new AllocationProblem(Units, [[1], [], [0, 1], [2]], (l, o) => Options[l][o]);
        Assert.Equal([1, -1, -1, 2], problem.Options(problem.Knapsack.Solve(8)));
    }

    [Fact]
    public void Linears_with_too_many_options_to_be_decided_together_are_decided_one_by_one()
    {
        // Every sum of weights is another one, and all of them are on the front: 50 x 50 x 50.
        KnapsackOption[][] many = [.. new[] { 1, 50, 2500 }.Select(unit => Enumerable.Range(0, 50).Select(i => new KnapsackOption(i * unit, (49 - i) * unit)).ToArray()), [new(0, 0)]];
        var problem = new AllocationProblem([new([[0, 1, 2], [3]])], All(many), (l, o) => many[l][o]);
        KnapsackSolution solution = problem.Knapsack.Solve(60_000);
        Assert.Equal(60_000, solution.Weight);
        ImmutableArray<int> options = problem.Options(solution);
        Assert.Equal([0, 0, 24, -1], options);
    }

    private static ImmutableArray<ImmutableArray<int>> All(KnapsackOption[][] options) => [.. options.Select(own => Enumerable.Range(0, own.Length).ToImmutableArray())];
}
