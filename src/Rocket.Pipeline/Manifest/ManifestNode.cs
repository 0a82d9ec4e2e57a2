using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>A node of the manifest's YAML with its place.</summary>
internal abstract record ManifestNode(SourceLocation Location)
{
    /// <summary>What to call it in a message.</summary>
    public abstract string Description { get; }
}
