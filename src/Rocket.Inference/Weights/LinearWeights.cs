using Rocket.Inference.Memory;

namespace Rocket.Inference.Weights;

/// <summary>One linear: y = M x + b, or y = M (D x) + b where it has a dictionary.</summary>
/// <param name="Dictionary">D <c>[k, d_in]</c>, or null.</param>
/// <param name="Matrix">M <c>[d_out, d_in]</c>, or <c>[d_out, k]</c> behind a dictionary.</param>
/// <param name="Bias">b <c>[d_out]</c>, or null.</param>
internal sealed record LinearWeights(WeightMatrix? Dictionary, WeightMatrix Matrix, NativeBuffer? Bias)
{
    /// <summary>Bytes that one token reads.</summary>
    public long ByteLength => Matrix.ByteLength + (Dictionary?.ByteLength ?? 0);
}
