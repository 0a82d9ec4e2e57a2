using System.Collections.Immutable;

namespace Rocket.Pipeline.Reporting.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Style">Name of its colour and stroke in the style sheet.</param>
/// <param name="Points">Its points with what each says, by rising x.</param>
internal sealed record Series(string Name, string Style, ImmutableArray<(double X, double Y, string Label)> Points);
