using System.Collections.Immutable;

namespace Rocket.Pipeline.Caching;

/// <summary>What verification of the whole store found.</summary>
/// <param name="Checked">Entries that were read.</param>
/// <param name="CheckedSize">Their bytes.</param>
/// <param name="Bad">The bad ones, by path; they are deleted.</param>
public sealed record VerifyResult(int Checked, long CheckedSize, ImmutableArray<BadEntry> Bad);
