using System.Collections.Immutable;
using Rocket.Compression.Native;
using Rocket.Pipeline.Cost;

namespace Rocket.Pipeline.Manifest;

/// <summary>What a <c>rocket.yaml</c> says.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Models">The models, in the file's order; at least one.</param>
public sealed record RocketManifest(string Path, ImmutableArray<ModelManifest> Models)
{
    /// <summary>What it says of the cache.</summary>
    public CacheManifest Cache { get; init; } = new();

    /// <summary>What the cost of a run is reckoned with.</summary>
    public CostAssumptions Cost { get; init; } = CostAssumptions.Default;

    /// <summary>What the passes over text run on.</summary>
    public DeviceChoice Device { get; init; }

    /// <summary>The folder that relative paths and patterns start from, as a full path.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Full path of the folder that holds a model's checkpoint.</summary>
    public string SourceFolderOf(ModelManifest model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return System.IO.Path.GetFullPath(model.FetchedFolder ?? System.IO.Path.Combine(Folder, model.Source.Value));
    }
}
