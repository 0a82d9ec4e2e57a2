namespace Rocket.Compression.Allocation;

/// <summary>An option as the paper's allocation sees it.</summary>
/// <param name="GridRatio">The grid's compression ratio that it belongs to, as a share removed; null for *dense*.</param>
/// <param name="Weight">Parameters kept.</param>
/// <param name="Cost">The relative error ||W - W^||_F / ||W||_F; 0 for *dense*.</param>
public readonly record struct PaperOption(double? GridRatio, long Weight, double Cost);
