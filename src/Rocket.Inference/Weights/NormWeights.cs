using Rocket.Inference.Memory;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Weights;

/// <summary>A norm with its factor (1 + w already where the norm is so) and bias in float32.</summary>
internal sealed record NormWeights(NormSpec Spec, NativeBuffer Factor, NativeBuffer? Bias);
