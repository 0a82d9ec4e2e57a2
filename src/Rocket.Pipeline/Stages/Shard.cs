using System.Collections.Immutable;

namespace Rocket.Pipeline.Stages;

/// <summary>One machine's part of a phase.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    public static Shard Whole => new(1, 1);

    /// <summary>The units of this part: consecutive ones, so that what they share is fetched once, and as near to an equal share of the cost as whole units allow.</summary>
    /// <param name="costs">Predicted cost of every unit, none negative.</param>
    /// <returns>Their indices. Every unit belongs to exactly one part.</returns>
    public ImmutableArray<int> Select(IReadOnlyList<double> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        double total = costs.Sum();
        var own = ImmutableArray.CreateBuilder<int>();
        double before = 0;
        for (int unit = 0; unit < costs.Count; unit++)
        {
            // Where the middle of the unit falls; units without cost are dealt by their number.
            double middle = total > 0 ? (before + (costs[unit] / 2)) / total : (unit + 0.5) / costs.Count;
            if (Math.Min((int)(middle * Count), Count - 1) == Index - 1)
            {
                own.Add(unit);
            }

            before += costs[unit];
        }

        return own.ToImmutable();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";
}
