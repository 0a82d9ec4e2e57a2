using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>The tensors of a matrix of codes.</summary>
/// <param name="Codes">The stream of codes.</param>
/// <param name="Scales">Scales <c>[rows, groups]</c>.</param>
/// <param name="Zeros">The stream of zero points.</param>
/// <param name="Quantization">Width of codes and groups.</param>
internal readonly record struct PackedParts(TensorView Codes, TensorView Scales, TensorView Zeros, Quantization Quantization);
