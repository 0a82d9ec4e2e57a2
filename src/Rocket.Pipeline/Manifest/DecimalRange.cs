using System.Collections.Immutable;

namespace Rocket.Pipeline.Manifest;

/// <summary>Evenly spaced decimals, both ends included where the step meets them.</summary>
/// <param name="From">The first.</param>
/// <param name="To">None is greater.</param>
/// <param name="Step">The distance between two, positive.</param>
public sealed record DecimalRange(decimal From, decimal To, decimal Step)
{
    /// <summary>How many there are.</summary>
    public int Count => (int)((To - From) / Step) + 1;

    /// <summary>The doubles nearest to From + i Step, computed in decimals so that no error adds up.</summary>
    public ImmutableArray<double> ToDoubles() => [.. Enumerable.Range(0, Count).Select(i => (double)(From + (i * Step)))];
}
