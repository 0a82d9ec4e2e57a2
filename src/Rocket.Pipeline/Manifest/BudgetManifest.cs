using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>What a plan must meet.</summary>
public sealed record BudgetManifest
{
    /// <summary>The budget's name: a safe folder name, unique in its model.</summary>
    public required string Name { get; init; }

    /// <summary>Where the budget's entry begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Share of the compressible linears' parameters to remove, from 0 to below 1; exact, so that 30 % is 3/10.</summary>
    public required Located<decimal> Remove { get; init; }
}
