using Rocket.Inference.Memory;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>y = M x + b for a number of tokens.</summary>
/// <param name="Matrix">M.</param>
/// <param name="X">Inputs, arranged in M's order, <c>XStride</c> floats apart.</param>
/// <param name="Y">Outputs, <c>YStride</c> floats apart.</param>
/// <param name="Bias">b, or null.</param>
internal readonly record struct MatrixProduct(WeightMatrix Matrix, nint X, int XStride, nint Y, int YStride, NativeBuffer? Bias);
