using System.Collections.Immutable;

namespace Rocket.Pipeline.Reporting.Charts;

/// <summary>What one colour of a chart shows: a line, or several where its points are of several kinds.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Style">Name of its colour and stroke in the style sheet.</param>
/// <param name="Lines">Points with what each says, by rising x.</param>
internal sealed record Series(string Name, string Style, ImmutableArray<ImmutableArray<(double X, double Y, string Label)>> Lines)
{
    /// <summary>All points; those that lines have in common once.</summary>
    public IEnumerable<(double X, double Y, string Label)> Points => Lines.SelectMany(line => line).Distinct();
}
