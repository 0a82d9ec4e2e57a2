using System.Collections.Immutable;
using Rocket.Compression.Allocation;
using Rocket.Compression.Allocation.Composition;

namespace Rocket.Pipeline.Stages;

/// <summary>The knapsack of linears, of which those of a fused weight are decided together.</summary>
internal sealed class AllocationProblem
{
    private readonly ImmutableArray<ImmutableArray<int>> _remaining;
    private readonly List<(AllocationUnit Unit, GroupComposition? Composition)> _groups = [];

    /// <summary>Sets the knapsack up.</summary>
    /// <param name="units">What is decided together.</param>
    /// <param name="remaining">Indices of every linear's options that may be taken; every unit has a way in which each linear has one.</param>
    /// <param name="option">Weight and cost of a linear's option.</param>
    public AllocationProblem(ImmutableArray<AllocationUnit> units, ImmutableArray<ImmutableArray<int>> remaining, Func<int, int, KnapsackOption> option)
    {
        _remaining = remaining;
        List<KnapsackGroup> groups = [];
        foreach (AllocationUnit unit in units)
        {
            GroupComposition? composition = unit.Ways is [[_]] ? null : GroupComposition.TryCreate([.. unit.Ways.Select(way => way.Select(Group).ToArray())]);
            if (composition is not null)
            {
                _groups.Add((unit, composition));
                groups.Add(composition.Group);
                continue;
            }

            // Options so many that a fused weight is not decided as a whole: each of its linears for itself.
            foreach (int linear in unit.Ways.First(way => way.All(l => !remaining[l].IsEmpty)))
            {
                _groups.Add((new AllocationUnit([[linear]]), null));
                groups.Add(Group(linear));
            }
        }

        Knapsack = new KnapsackProblem(groups);

        KnapsackGroup Group(int linear) => new([.. remaining[linear].Select(o => option(linear, o))]);
    }

    /// <summary>The groups.</summary>
    public KnapsackProblem Knapsack { get; }

    /// <summary>The index of every linear's option in a solution; -1: its weight is written the other way.</summary>
    public ImmutableArray<int> Options(KnapsackSolution solution)
    {
        int[] options = new int[_remaining.Length];
        Array.Fill(options, -1);
        for (int g = 0; g < _groups.Count; g++)
        {
            (AllocationUnit unit, GroupComposition? composition) = _groups[g];
            int chosen = solution.Selection[g];
            (int way, ImmutableArray<int> own) = composition?.Selection(chosen) ?? (0, [chosen]);
            foreach ((int linear, int o) in unit.Ways[way].Zip(own))
            {
                options[linear] = _remaining[linear][o];
            }
        }

        return [.. options];
    }
}
