using System.Collections.Immutable;
using Rocket.Compression.Allocation;

namespace Rocket.Compression.Tests.Allocation;

public sealed class PaperCostCapTests
{
    private static readonly PaperOption _dense = new(null, 100, 0);

    [Fact]
    public void Options_above_the_mean_cost_at_the_target_are_struck_out()
    {
        ImmutableArray<PaperOption> linear = [_dense, new(0.2, 80, 0.1), new(0.3, 70, 0.4), new(0.3, 70, 0.2), new(0.4, 60, 0.3)];
        var result = PaperCostCap.Apply([linear], 0.3, 70);
        Assert.Equal(1.0, result.Alpha);
        Assert.Equal([0, 1, 3], result.Remaining[0]);
    }

    [Fact]
    public void Alpha_grows_in_tenths_until_the_target_is_reachable()
    {
        ImmutableArray<PaperOption> linear = [_dense, new(0.3, 70, 0.2), new(0.4, 60, 0.25), new(0.5, 50, 0.31)];
        var result = PaperCostCap.Apply([linear], 0.3, 60);
        Assert.Equal(1.3, result.Alpha);
        Assert.Equal([0, 1, 2], result.Remaining[0]);
    }

    [Fact]
    public void Nothing_is_capped_where_twice_the_mean_is_not_enough()
    {
        ImmutableArray<PaperOption> linear = [_dense, new(0.3, 70, 0.2), new(0.5, 50, 0.5)];
        var result = PaperCostCap.Apply([linear], 0.3, 50);
        Assert.Null(result.Alpha);
        Assert.Equal([0, 1, 2], result.Remaining[0]);
    }

    [Fact]
    public void The_mean_takes_the_best_cost_of_each_linear_at_its_nearest_ratio()
    {
        ImmutableArray<PaperOption> easy = [new(0.3, 70, 0.1), new(0.3, 72, 0.3), new(0.5, 50, 0.2)];
        ImmutableArray<PaperOption> hard = [new(0.2, 80, 0.5), new(0.5, 50, 0.9)];
        var result = PaperCostCap.Apply([easy, hard], 0.3, 130);
        Assert.Equal(1.0, result.Alpha);
        Assert.Equal([0, 1, 2], result.Remaining[0]);
        Assert.Equal([0], result.Remaining[1]);
    }

    [Fact]
    public void A_linear_whose_options_are_all_struck_keeps_its_cheapest()
    {
        ImmutableArray<PaperOption> easy = [new(0.3, 70, 0.1)];
        ImmutableArray<PaperOption> hard = [new(0.3, 70, 0.9), new(0.3, 71, 0.8)];
        var result = PaperCostCap.Apply([easy, hard], 0.3, 200);
        Assert.Equal(1.0, result.Alpha);
        Assert.Equal([1], result.Remaining[1]);
    }

    [Fact]
    public void Dense_linears_alone_are_left_as_they_are()
    {
        var result = PaperCostCap.Apply([[_dense]], 0.3, 100);
        Assert.Null(result.Alpha);
        Assert.Equal([0], result.Remaining[0]);
    }
}
