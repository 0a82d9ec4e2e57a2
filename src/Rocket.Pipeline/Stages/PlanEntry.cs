using Rocket.Compression.Factorization;

namespace Rocket.Pipeline.Stages;

/// <summary>The option that a plan chose for one linear.</summary>
/// <param name="Linear">The linear's key.</param>
/// <param name="Block">Index of its block; <see cref="NoBlock"/>: none.</param>
/// <param name="DIn">Columns of its weight.</param>
/// <param name="DOut">Rows of its weight.</param>
/// <param name="Option">The form with its parameters; null: it stays dense.</param>
/// <param name="Parameters">Parameters that it keeps, by the paper's count.</param>
/// <param name="Predicted">Predicted errors as stored.</param>
public sealed record PlanEntry(string Linear, int Block, int DIn, int DOut, LinearOption? Option, long Parameters, FactorizationErrors Predicted)
{
    /// <summary>In place of a block's index: an embedding or a head.</summary>
    public const int NoBlock = -1;

    /// <summary>Calibration tokens that reached the expert whose linear this is; null: every token reaches the linear.</summary>
    public long? Tokens { get; init; }
}
