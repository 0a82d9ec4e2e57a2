using System.Collections.Immutable;
using CsCheck;
using Rocket.Compression.Allocation;
using Rocket.Compression.Allocation.Composition;

namespace Rocket.Compression.Tests.Allocation.Composition;

public sealed class GroupCompositionTests
{
    // Small integers: sums are exact, and equal weights and costs are common.
    private static readonly Gen<KnapsackGroup> AnyGroup =
        Gen.Select(Gen.Long[0, 12], Gen.Int[0, 12], (weight, cost) => new KnapsackOption(weight, cost)).Array[1, 5].Select(options => new KnapsackGroup([.. options]));

    private static readonly Gen<KnapsackGroup[][]> AnyWays = AnyGroup.Array[1, 3].Array[1, 3];

    [Fact]
    public void Its_options_are_the_selections_of_all_ways_that_none_beats()
        => AnyWays.Sample(ways =>
        {
            GroupComposition composition = GroupComposition.TryCreate(ways)!;
            (long Weight, double Cost)[] all = [.. Selections(ways).Select(selection => Sum(ways, selection))];
            (long Weight, double Cost)[] unbeaten = [.. all.Where(one => !all.Any(other => Beats(other, one))).Distinct().Order()];
            Assert.Equal(unbeaten, composition.Group.Options.Select(option => (option.Weight, option.Cost)));
            for (int o = 0; o < unbeaten.Length; o++)
            {
                Assert.Equal(unbeaten[o], Sum(ways, composition.Selection(o)));
            }
        });

    [Fact]
    public void A_knapsack_of_composed_groups_is_solved_as_well_as_by_trying_everything()
        => Gen.Select(AnyWays.Array[1, 2], Gen.Long[0, 60]).Sample((units, capacity) =>
        {
            GroupComposition[] compositions = [.. units.Select(ways => GroupComposition.TryCreate(ways)!)];
            IEnumerable<(long Weight, double Cost)> all = [(0, 0)];
            foreach (KnapsackGroup[][] ways in units)
            {
                (long Weight, double Cost)[] own = [.. Selections(ways).Select(selection => Sum(ways, selection)).Distinct()];
                all = [.. all.SelectMany(_ => own, (before, one) => (before.Weight + one.Weight, before.Cost + one.Cost)).Distinct()];
            }

            double[] within = [.. all.Where(one => one.Weight <= capacity).Select(one => one.Cost)];
            if (within.Length == 0)
            {
                return;
            }

            KnapsackSolution solution = Knapsack.Solve([.. compositions.Select(composition => composition.Group)], capacity);
            Assert.True(solution.IsProven);
            Assert.Equal(within.Min(), solution.Cost);
            Assert.Equal(solution.Cost, units.Zip(compositions, solution.Selection).Sum(unit => Sum(unit.First, unit.Second.Selection(unit.Third)).Cost));
        });

    [Fact]
    public void Of_equal_selections_that_of_the_first_way_is_taken()
    {
        KnapsackGroup parts = new([new KnapsackOption(3, 1)]);
        KnapsackGroup whole = new([new KnapsackOption(6, 2)]);
        Assert.Equal(0, GroupComposition.TryCreate([[parts, parts], [whole]])!.Selection(0).Way);
        Assert.Equal(1, GroupComposition.TryCreate([[parts, parts], [new([new KnapsackOption(5, 2)])]])!.Selection(0).Way);
    }

    [Fact]
    public void A_way_with_a_group_that_has_no_option_is_none()
    {
        KnapsackGroup some = new([new KnapsackOption(3, 1)]);
        KnapsackGroup none = new([]);
        Assert.Equal(1, GroupComposition.TryCreate([[some, none], [some]])!.Selection(0).Way);
        Assert.Null(GroupComposition.TryCreate([[some, none], [none]]));
    }

    [Fact]
    public void Too_many_options_are_not_composed()
    {
        KnapsackGroup[] groups = [.. new[] { 1, 10, 100 }.Select(unit => new KnapsackGroup([.. Enumerable.Range(0, 10).Select(i => new KnapsackOption(i * unit, -i * unit))]))];
        Assert.Equal(1000, GroupComposition.TryCreate([groups], 1000)!.Group.Options.Length);
        Assert.Null(GroupComposition.TryCreate([groups], 999));
    }

    private static bool Beats((long Weight, double Cost) one, (long Weight, double Cost) other)
        => one != other && one.Weight <= other.Weight && one.Cost <= other.Cost;

    private static IEnumerable<(int Way, ImmutableArray<int> Options)> Selections(KnapsackGroup[][] ways) => ways.SelectMany((way, w) =>
    {
        IEnumerable<ImmutableArray<int>> selections = [[]];
        foreach (KnapsackGroup group in way)
        {
            selections = [.. selections.SelectMany(_ => Enumerable.Range(0, group.Options.Length), (before, option) => before.Add(option))];
        }

        return selections.Select(options => (w, options));
    });

    private static (long Weight, double Cost) Sum(KnapsackGroup[][] ways, (int Way, ImmutableArray<int> Options) selection)
    {
        KnapsackOption[] options = [.. ways[selection.Way].Zip(selection.Options, (group, option) => group.Options[option])];
        return (options.Sum(option => option.Weight), options.Sum(option => option.Cost));
    }
}
