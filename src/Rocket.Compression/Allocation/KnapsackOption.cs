namespace Rocket.Compression.Allocation;

/// <summary>One choice of a group: what it weighs (any unit, not negative) and what it costs (finite).</summary>
public readonly record struct KnapsackOption(long Weight, double Cost);
