using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>What a plan must meet.</summary>
public sealed record BudgetManifest
{
    /// <summary>The budget's name: a safe folder name, unique in its model.</summary>
    public required string Name { get; init; }

    /// <summary>Where the budget's entry begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>What is limited.</summary>
    public required BudgetKind Kind { get; init; }

    /// <summary>The limit, exact: a share from 0 to below 1 (30 % is 3/10), parameters, bytes, bits a weight, or a loss in the method's unit.</summary>
    public required Located<decimal> Limit { get; init; }

    /// <summary>The manifest's key of the limit.</summary>
    public string Key => Kind switch
    {
        BudgetKind.Remove => "remove",
        BudgetKind.Parameters => "parameters",
        BudgetKind.Bytes => "bytes",
        BudgetKind.BitsPerWeight => "bitsPerWeight",
        _ => "maxLoss",
    };
}
