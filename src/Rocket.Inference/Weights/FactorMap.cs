using Rocket.Inference.Memory;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>The factors of a weight as they lie in the memory map; sizes and mask were checked.</summary>
/// <param name="Info">Form and sizes.</param>
/// <param name="Dictionary">D <c>[k, d_in]</c>; null in the other forms.</param>
internal abstract record FactorMap(FactoredLinear Info, WeightMatrix? Dictionary)
{
    /// <summary>Some rows of the weight as a linear of their own; those of one weight share its dictionary.</summary>
    public LinearWeights Rows(int first, int count, NativeBuffer? bias) => new(Dictionary, Slice(first, count), bias);

    /// <summary>Some rows of the coefficients.</summary>
    protected abstract WeightMatrix Slice(int first, int count);
}
