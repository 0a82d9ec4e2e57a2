using System.Collections.Immutable;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>What is profiled and what a plan chooses from: the linears, beside those of a fused weight its whole, and embedding and head where they are included.</summary>
public sealed class LinearCandidates
{
    // TorchSharp hands out at most 2 GB of a tensor at once.
    private const long MostElements = int.MaxValue / sizeof(float);

    private readonly Dictionary<string, (BlockSpec Block, LinearSpec Linear)> _byKey;

    private LinearCandidates(ImmutableArray<(BlockSpec Block, LinearSpec Linear)> all, ImmutableArray<AllocationUnit> units)
    {
        (All, Units) = (all, units);
        _byKey = all.ToDictionary(candidate => candidate.Linear.Key, StringComparer.Ordinal);
    }

    /// <summary>The linears in the order of execution, then the wholes, then embedding and head.</summary>
    public ImmutableArray<(BlockSpec Block, LinearSpec Linear)> All { get; }

    /// <summary>What is decided together, in the order of execution.</summary>
    internal ImmutableArray<AllocationUnit> Units { get; }

    /// <summary>The candidates of a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="hasWholes">Whether fused weights may be compressed as one; the paper knows only the linears that they hold.</param>
    /// <param name="includes">Which of embedding and head join them; where they are one, either means both.</param>
    public static LinearCandidates Of(SourceModel source, bool hasWholes, VocabularyParts includes)
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
        List<AllocationUnit> decided = [.. units];
        LinearSpec?[] included =
        [
            includes.HasFlag(VocabularyParts.Embeddings) ? source.Spec.EmbeddingMatrix : null,
            includes.HasFlag(VocabularyParts.Head) ? source.Spec.HeadMatrix : null,
        ];
        foreach (LinearSpec matrix in included.OfType<LinearSpec>().Distinct().Where(matrix => matrix.Parameters <= MostElements))
        {
            decided.Add(new AllocationUnit([[all.Count]]));
            all.Add((source.Spec.Blocks[0], matrix));
        }

        return new LinearCandidates(all.ToImmutable(), [.. decided]);
    }

    /// <summary>The candidate of a plan's entry.</summary>
    /// <param name="key">The linear's key.</param>
    public (BlockSpec Block, LinearSpec Linear) Find(string key) => _byKey[key];
}
