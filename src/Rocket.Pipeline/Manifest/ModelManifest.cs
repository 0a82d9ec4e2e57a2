using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>A model to compress.</summary>
public sealed record ModelManifest
{
    /// <summary>The model's name: a safe folder name, unique in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Where the model's entry begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Where the checkpoint comes from: a folder, relative to the manifest, <c>hf:org/name@revision</c> or <c>nuget:Id@version</c>.</summary>
    public required Located<string> Source { get; init; }

    /// <summary>Where a source that is fetched lies on this machine; null for a folder, and before it was fetched.</summary>
    public string? FetchedFolder { get; init; }

    /// <summary>The text that calibrates it.</summary>
    public required CalibrationManifest Calibration { get; init; }

    /// <summary>What to make of it, in the file's order; at least one.</summary>
    public required ImmutableArray<BudgetManifest> Budgets { get; init; }

    /// <summary>What every plan must leave or do to single linears, in the file's order.</summary>
    public ImmutableArray<ConstraintManifest> Constraints { get; init; } = [];

    /// <summary>What to measure, or null for nothing.</summary>
    public EvaluateManifest? Evaluate { get; init; }

    /// <summary>How errors are weighed and which forms there are.</summary>
    public required MethodManifest Method { get; init; }

    /// <summary>Types in which values are stored.</summary>
    public required ValuesManifest Values { get; init; }

    /// <summary>What joins the blocks' linears under a budget of bytes.</summary>
    public VocabularyParts Includes { get; init; }

    /// <summary>The options that are profiled.</summary>
    public required GridManifest Grid { get; init; }
}
