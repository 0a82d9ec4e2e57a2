using System.Collections.Immutable;
using CsCheck;
using Rocket.Compression.Allocation;

namespace Rocket.Compression.Tests.Allocation;

/// <summary>Generated instances and the oracle that tries every selection.</summary>
internal static class KnapsackInstances
{
    /// <summary>Cases of a property.</summary>
    public const long Cases = 10_000;

    private static readonly Gen<double> _costs = Gen.OneOf(
        Gen.Int[0, 12].Select(c => (double)c),
        Gen.Int[0, 100_000].Select(c => c / 1e6),
        Gen.Double[0, 3],
        Gen.Double[-1, 1]);

    private static readonly Gen<KnapsackOption> _option = Gen.Select(Gen.OneOf(Gen.Long[0, 9], Gen.Long[0, 300]), _costs, (w, c) => new KnapsackOption(w, c));

    /// <summary>At most five groups (counts included) of at most six options, with a capacity from too small to ample.</summary>
    public static Gen<(ImmutableArray<KnapsackGroup> Groups, long Capacity)> Small { get; } =
        from groups in Gen.Select(_option.Array[1, 6], Gen.Frequency((4, Gen.Const(1)), (1, Gen.Const(2))), (o, count) => new KnapsackGroup([.. o], count)).Array[1, 3]
        from repeated in Gen.Bool
        from share in Gen.Double[-0.1, 1.1]
        let all = repeated ? groups.Append(groups[0] with { Count = 1 }).ToImmutableArray() : [.. groups]
        let least = all.Sum(g => g.Options.Min(o => o.Weight) * g.Count)
        let most = all.Sum(g => g.Options.Max(o => o.Weight) * g.Count)
        select (all, least + (long)(share * (most - least + 1)));

    /// <summary>Dozens of groups: convex with noise, or as good as price times weight, where ties abound.</summary>
    public static Gen<(ImmutableArray<KnapsackGroup> Groups, double Share)> Large { get; } =
        from correlated in Gen.Bool
        from groups in Gen.Select(Gen.Int[1, 60], Gen.Double[0, 0.2]).Array[2, 14].Select(points => new KnapsackGroup(
            [.. points.Select(p => new KnapsackOption(p.Item1, correlated ? 90 - p.Item1 : (1 + p.Item2) * Math.Pow(61 - p.Item1, 2)))])).Array[10, 60]
        from share in Gen.Double[0, 1]
        select (groups.ToImmutableArray(), share);

    /// <summary>A few groups that each stand for many, some of them beside single ones.</summary>
    public static Gen<(ImmutableArray<KnapsackGroup> Groups, double Share)> Repeated { get; } =
        from correlated in Gen.Bool
        from groups in Gen.Select(Gen.Select(Gen.Int[1, 60], Gen.Double[0, 0.3]).Array[2, 9], Gen.OneOf(Gen.Const(1), Gen.Int[2, 40])).Array[1, 4].Select(all => all.Select(g => new KnapsackGroup(
            [.. g.Item1.Select(p => new KnapsackOption(7 * p.Item1, correlated ? 90 - p.Item1 : (1 + p.Item2) * Math.Pow(61 - p.Item1, 2)))], g.Item2)))
        from share in Gen.Double[0, 1]
        select (groups.ToImmutableArray(), share);

    /// <summary>Each group of count n as n groups.</summary>
    public static ImmutableArray<KnapsackGroup> Enumerated(ImmutableArray<KnapsackGroup> groups) =>
        [.. groups.SelectMany(g => Enumerable.Repeat(g with { Count = 1 }, g.Count))];

    /// <summary>Weight and cost of every selection there is.</summary>
    public static IEnumerable<KnapsackOption> Selections(ImmutableArray<KnapsackGroup> groups) =>
        Enumerated(groups).Aggregate(
            (IEnumerable<KnapsackOption>)[default],
            (sums, g) => sums.SelectMany(s => g.Options.Select(o => new KnapsackOption(s.Weight + o.Weight, s.Cost + o.Cost)))).ToArray();

    /// <summary>What a selection really weighs and costs.</summary>
    public static KnapsackOption Total(ImmutableArray<KnapsackGroup> groups, KnapsackSolution solution)
    {
        var enumerated = Enumerated(groups);
        Assert.Equal(enumerated.Length, solution.Selection.Length);
        var chosen = enumerated.Select((g, i) => g.Options[solution.Selection[i]]).ToArray();
        return new KnapsackOption(chosen.Sum(o => o.Weight), chosen.Sum(o => o.Cost));
    }

    public static long Capacity(ImmutableArray<KnapsackGroup> groups, double share)
    {
        var least = groups.Sum(g => g.Options.Min(o => o.Weight) * g.Count);
        var most = groups.Sum(g => g.Options.Max(o => o.Weight) * g.Count);
        return least + (long)(share * (most - least));
    }
}
