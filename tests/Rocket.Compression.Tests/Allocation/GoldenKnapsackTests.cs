using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Compression.Allocation;
using Rocket.Models.Diagnostics;

namespace Rocket.Compression.Tests.Allocation;

/// <summary>Every instance of <c>goldens/mckp</c>, against its proven optimum.</summary>
public sealed class GoldenKnapsackTests
{
    public static TheoryData<string> Instances()
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.Goldens, "mckp"), "*.json");
        Array.Sort(files, StringComparer.Ordinal);
        Assert.NotEmpty(files);
        return [.. files.Select(f => Path.GetFileName(f))];
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void An_instance_is_solved_to_its_proven_optimum(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Goldens, "mckp", file)));
        var capacity = json.RootElement.GetProperty("capacity").GetInt64();
        var groups = json.RootElement.GetProperty("groups").EnumerateArray().Select(g => new KnapsackGroup(
            [.. g.EnumerateArray().Select(o => new KnapsackOption(o[0].GetInt64(), o[1].GetDouble()))])).ToImmutableArray();

        if (json.RootElement.GetProperty("optimum").ValueKind == JsonValueKind.Null)
        {
            var error = Assert.Throws<RocketException>(() => Knapsack.Solve(groups, capacity));
            Assert.Equal("RKT4001", error.Code);
            return;
        }

        var optimum = json.RootElement.GetProperty("optimum").GetDouble();
        var solution = Knapsack.Solve(groups, capacity);
        Assert.Equal(optimum, solution.Cost, 1e-9);
        Assert.True(solution.IsProven, $"{file}: gap {solution.Gap}");
        Assert.True(solution.Weight <= capacity);
        Assert.Equal(solution.Weight, groups.Select((g, i) => g.Options[solution.Selection[i]].Weight).Sum());
        Assert.Equal(optimum, groups.Select((g, i) => g.Options[solution.Selection[i]].Cost).Sum(), 1e-9 * Math.Max(1, optimum));

        var dual = Knapsack.SmallestWeight(groups, optimum);
        Assert.True(dual.Weight <= solution.Weight);
        Assert.Equal(optimum, dual.Cost, 1e-9);
    }
}
