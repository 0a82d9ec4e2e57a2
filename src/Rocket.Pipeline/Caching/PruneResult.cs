using System.Collections.Immutable;

namespace Rocket.Pipeline.Caching;

/// <summary>What pruning removed, or would remove, and what stays.</summary>
/// <param name="Removed">The entries that went, least recently used first.</param>
/// <param name="RemovedSize">Their bytes.</param>
/// <param name="RemainingSize">Bytes that stay.</param>
public sealed record PruneResult(ImmutableArray<StoreEntry> Removed, long RemovedSize, long RemainingSize);
