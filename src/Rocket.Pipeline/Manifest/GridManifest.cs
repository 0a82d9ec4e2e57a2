using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>The grid of options: every compression ratio with every rho for dictionaries, every share for sparse forms.</summary>
public sealed record GridManifest
{
    /// <summary>Where the <c>grid</c> key's value begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Compression ratios: shares of a linear's parameters to remove; 0.05 to 0.70 by 0.05 by default.</summary>
    public required DecimalRange Ratio { get; init; }

    /// <summary>Atoms over coefficients a column, rho = k / s; 1.0 to 3.0 by 0.1 by default.</summary>
    public required DecimalRange AtomsPerCoefficient { get; init; }

    /// <summary>Shares of the entries that a sparse form removes; 0.05 to 0.85 by 0.05 by default.</summary>
    public required DecimalRange Share { get; init; }

    /// <summary>Whether each of many dictionaries is evaluated, as the paper's method does by default; else a few are, and the errors of the others read from a surface.</summary>
    public bool EvaluatesAll { get; init; }

    /// <summary>The compression ratios, ascending, each the double nearest to its decimal.</summary>
    public ImmutableArray<double> Ratios => Ratio.ToDoubles();

    /// <summary>The values of rho, ascending, each the double nearest to its decimal.</summary>
    public ImmutableArray<double> Rhos => AtomsPerCoefficient.ToDoubles();
}
