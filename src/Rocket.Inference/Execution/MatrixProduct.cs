using Rocket.Inference.Memory;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>y = M x + b for a number of tokens.</summary>
/// <param name="Matrix">M.</param>
/// <param name="X">Inputs, one <c>XStride</c> floats behind the other.</param>
/// <param name="Arranged">The inputs as kernels over rows want them, <c>Padded(columns)</c> floats apart; 0 where panels are used.</param>
/// <param name="Y">Outputs.</param>
/// <param name="Bias">b, or null.</param>
internal readonly record struct MatrixProduct(WeightMatrix Matrix, nint X, int XStride, nint Arranged, nint Y, int YStride, NativeBuffer? Bias);
