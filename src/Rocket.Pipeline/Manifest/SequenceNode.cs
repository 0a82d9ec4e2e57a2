using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>A list.</summary>
internal sealed record SequenceNode(ImmutableArray<ManifestNode> Items, SourceLocation Location) : ManifestNode(Location)
{
    public override string Description => "a list";
}
