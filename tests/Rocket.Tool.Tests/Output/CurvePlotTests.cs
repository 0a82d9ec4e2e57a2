using System.Collections.Immutable;
using Rocket.Compression.Factorization;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Output;
using Spectre.Console.Testing;

namespace Rocket.Tool.Tests.Output;

public sealed class CurvePlotTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void The_curve_falls_with_the_bytes_and_the_budgets_lie_on_it(int width)
    {
        string[] lines = Plot(width);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains("m: predicted loss (nats a token) against true bytes", lines);
        int row = Array.FindIndex(lines, line => line.Contains('A', StringComparison.Ordinal) && line.Contains('│', StringComparison.Ordinal));
        int other = Array.FindIndex(lines, line => line.Contains('B', StringComparison.Ordinal) && line.Contains('│', StringComparison.Ordinal));
        Assert.True(row > other, "the budget that removes less loses less");
        Assert.True(lines[row].IndexOf('A', StringComparison.Ordinal) > lines[other].IndexOf('B', StringComparison.Ordinal), "and is larger");
        Assert.Contains("  A r20: 160 MB, 20.00 % removed, predicted loss 0.04", lines);
    }

    [Fact]
    public void A_single_point_is_no_curve() => Assert.Empty(Plot(80, shares: 1));

    private static string[] Plot(int width, int shares = 6)
    {
        using var console = new TestConsole();
        using var writer = new StringWriter();
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        var terminal = new Terminal(writer, writer, console, console, IsErrorLive: false);
        CurvePlot.Render(terminal, "m", [.. Enumerable.Range(1, shares).Select(i => Point(i * 10))], [("r20", Plan(20), 160_000_000), ("r50", Plan(50), 100_000_000)]);
        return [.. writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r'))];
    }

    private static WhatIfPoint Point(int percent) => new(Rocket.Pipeline.Manifest.BudgetKind.Remove, percent / 100m, Plan(percent), 2_000_000L * (100 - percent));

    private static CompressionPlan Plan(int percent)
    {
        double loss = percent * percent / 10_000.0;
        ImmutableArray<PlanEntry> entries = [new("l", 0, 100, 100, null, 10_000 - (percent * 100), new FactorizationErrors(0, 0, loss))];
        return new CompressionPlan(entries, percent / 100m, CostUnit.Nats, loss, loss, true, null);
    }
}
