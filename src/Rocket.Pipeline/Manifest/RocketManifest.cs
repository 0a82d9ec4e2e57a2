using System.Collections.Immutable;
using Rocket.Pipeline.Cost;

namespace Rocket.Pipeline.Manifest;

/// <summary>What a <c>rocket.yaml</c> says.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Models">The models, in the file's order; at least one.</param>
public sealed record RocketManifest(string Path, ImmutableArray<ModelManifest> Models)
{
    /// <summary>What the cost of a run is reckoned with.</summary>
    public CostAssumptions Cost { get; init; } = CostAssumptions.Default;

    /// <summary>The folder that relative paths and patterns start from, as a full path.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
}
