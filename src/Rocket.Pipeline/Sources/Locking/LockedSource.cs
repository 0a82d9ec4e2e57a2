using System.Collections.Immutable;

namespace Rocket.Pipeline.Sources.Locking;

/// <summary>A source that a lock file pins.</summary>
/// <param name="Source">The source as the manifest writes it.</param>
/// <param name="Revision">The commit or version.</param>
/// <param name="Files">All its files.</param>
internal sealed record LockedSource(string Source, string Revision, ImmutableArray<LockedFile> Files);
