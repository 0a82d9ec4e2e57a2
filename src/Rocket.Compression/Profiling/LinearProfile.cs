using System.Collections.Immutable;

namespace Rocket.Compression.Profiling;

/// <summary>All options of one linear; the first one is <em>dense</em>.</summary>
/// <param name="DIn">Columns of the weight.</param>
/// <param name="DOut">Rows of the weight.</param>
/// <param name="Options">The options, dense first, then in the order of the grid.</param>
public sealed record LinearProfile(int DIn, int DOut, ImmutableArray<ProfiledOption> Options)
{
    /// <summary>Calibration tokens that reached the expert whose linear this is; null: every token reaches the linear.</summary>
    public long? Tokens { get; init; }

    /// <summary>Parameters of the dense weight.</summary>
    public long DenseParameters => (long)DIn * DOut;
}
