using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>A sum over some groups that may not pass a limit, beside the capacity of all of them; negated amounts hold it from below.</summary>
/// <param name="Amounts">What every option of every group adds, by group; empty for a group that does not count.</param>
/// <param name="Most">The most that the chosen options may add up to.</param>
public sealed record KnapsackLimit(ImmutableArray<ImmutableArray<long>> Amounts, long Most)
{
    /// <summary>Whether a selection of one option a group keeps the limit.</summary>
    /// <param name="selection">Option indices in the order of the groups.</param>
    public bool Holds(IReadOnlyList<int> selection) => Amounts.Select((amounts, g) => amounts.IsEmpty ? 0 : amounts[selection[g]]).Sum() <= Most;
}
