using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Keys and values in the file's order; no key twice.</summary>
internal sealed record MappingNode(ImmutableArray<KeyValuePair<ScalarNode, ManifestNode>> Entries, SourceLocation Location) : ManifestNode(Location)
{
    public override string Description => "a mapping";
}
