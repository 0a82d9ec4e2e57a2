namespace Rocket.Models.Architectures;

/// <summary>A norm over the last dimension.</summary>
/// <param name="Tensor">Name of the weight.</param>
/// <param name="Size">Length of the weight.</param>
/// <param name="Epsilon">Added to the mean square.</param>
/// <param name="UnitOffset">Gemma: the stored weight is w, the factor is 1 + w.</param>
/// <param name="Kind">Root mean square in every family so far.</param>
/// <param name="Bias">Name of a bias, or null.</param>
public sealed record NormSpec(string Tensor, int Size, float Epsilon, bool UnitOffset = false, NormKind Kind = NormKind.RootMeanSquare, string? Bias = null);
