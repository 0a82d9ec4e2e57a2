namespace Rocket.Compression.Allocation;

/// <summary>A selection within all limits.</summary>
/// <param name="Selection">One option a group.</param>
/// <param name="Cost">What it costs, in units.</param>
/// <param name="Bound">No selection within the limits costs less.</param>
internal sealed record LimitedAnswer(int[] Selection, long Cost, long Bound);
