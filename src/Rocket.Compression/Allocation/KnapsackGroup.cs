using System.Collections.Immutable;

namespace Rocket.Compression.Allocation;

/// <summary>Options of which exactly one is chosen; <paramref name="Count"/> groups of the same options are written as one.</summary>
/// <param name="Options">The options in any order; duplicates and dominated ones are allowed.</param>
/// <param name="Count">How many such groups there are, at least 1; each of them chooses for itself.</param>
public sealed record KnapsackGroup(ImmutableArray<KnapsackOption> Options, int Count = 1);
