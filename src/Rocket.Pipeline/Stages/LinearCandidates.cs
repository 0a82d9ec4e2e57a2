using System.Collections.Immutable;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>What is profiled and what a plan chooses from: the linears, and beside those of a fused weight its whole.</summary>
public sealed class LinearCandidates
{
    private readonly Dictionary<string, (BlockSpec Block, LinearSpec Linear)> _byKey;

    private LinearCandidates(ImmutableArray<(BlockSpec Block, LinearSpec Linear)> all, ImmutableArray<AllocationUnit> units)
    {
        (All, Units) = (all, units);
        _byKey = all.ToDictionary(candidate => candidate.Linear.Key, StringComparer.Ordinal);
    }

    /// <summary>The linears in the order of execution, then the wholes.</summary>
    public ImmutableArray<(BlockSpec Block, LinearSpec Linear)> All { get; }

    /// <summary>What is decided together, in the order of execution.</summary>
    internal ImmutableArray<AllocationUnit> Units { get; }

    /// <summary>The candidates of a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="hasWholes">Whether fused weights may be compressed as one; the paper knows only the linears that they hold.</param>
    public static LinearCandidates Of(SourceModel source, bool hasWholes)
    {
        ArgumentNullException.ThrowIfNull(source);
        var all = ImmutableArray.CreateBuilder<(BlockSpec Block, LinearSpec Linear)>();
        all.AddRange(source.Linears);
        Dictionary<string, int> indices = all.Select((candidate, i) => (candidate.Linear.Key, i)).ToDictionary(StringComparer.Ordinal);
        Dictionary<int, AllocationUnit> fused = [];
        HashSet<int> parts = [];
        foreach ((BlockSpec block, FusedWeight weight) in hasWholes ? source.FusedWeights : [])
        {
            // Elements of a weight are counted in 32 bits.
            if (weight.Whole.Parameters <= int.MaxValue)
            {
                ImmutableArray<int> own = [.. weight.Parts.Select(part => indices[part.Key])];
                fused.Add(own.Min(), new AllocationUnit([own, [all.Count]]));
                parts.UnionWith(own);
                all.Add((block, weight.Whole));
            }
        }

        IEnumerable<AllocationUnit> units = Enumerable.Range(0, indices.Count)
            .Where(i => fused.ContainsKey(i) || !parts.Contains(i))
            .Select(i => fused.GetValueOrDefault(i) ?? new AllocationUnit([[i]]));
        return new LinearCandidates(all.ToImmutable(), [.. units]);
    }

    /// <summary>The candidate of a plan's entry.</summary>
    /// <param name="key">The linear's key.</param>
    public (BlockSpec Block, LinearSpec Linear) Find(string key) => _byKey[key];
}
