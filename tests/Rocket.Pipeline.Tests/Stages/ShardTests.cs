using CsCheck;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Tests.Stages;

public sealed class ShardTests
{
    private static readonly Gen<(double[] Costs, int Count)> Cases = Gen.Select(Gen.Int[0, 1000].Select(cost => (double)cost).Array[0, 60], Gen.Int[1, 20]);

    [Fact]
    public void Every_unit_belongs_to_exactly_one_part() => Cases.Sample(@case =>
        Assert.Equal(Enumerable.Range(0, @case.Costs.Length), Parts(@case.Costs, @case.Count).SelectMany(part => part)));

    [Fact]
    public void No_part_costs_more_than_its_share_and_one_unit() => Cases.Sample(@case =>
    {
        double largest = @case.Costs.DefaultIfEmpty().Max();
        double share = @case.Costs.Sum() / @case.Count;
        Assert.All(Parts(@case.Costs, @case.Count), part => Assert.InRange(part.Sum(unit => @case.Costs[unit]), 0, (share + largest) * (1 + 1e-9)));
    });

    [Fact]
    public void Units_of_equal_cost_are_dealt_evenly()
    {
        Assert.Equal([4, 4, 4, 4], Parts([.. Enumerable.Repeat(1.0, 16)], 4).Select(part => part.Length));
        Assert.Equal([1, 1], Parts([0, 0], 2).Select(part => part.Length));
    }

    private static int[][] Parts(double[] costs, int count) => [.. Enumerable.Range(1, count).Select(index => new Shard(index, count).Select(costs).ToArray())];
}
