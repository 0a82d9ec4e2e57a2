namespace Rocket.Inference.Weights;

/// <summary>Which elements of a matrix are stored.</summary>
/// <param name="Mask">Address of the mask.</param>
/// <param name="Starts">Number of stored elements before each row, and in all; pinned.</param>
internal readonly record struct StoredElements(nint Mask, int[] Starts);
