namespace Rocket.Models.Architectures;

/// <summary>A part of a fused weight: rows <paramref name="FirstRow"/>.. of a tensor with <paramref name="TotalRows"/> rows.</summary>
public sealed record FusedPart(int Index, int FirstRow, int TotalRows);
