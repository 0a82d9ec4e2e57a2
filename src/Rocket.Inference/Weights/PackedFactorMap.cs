using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>Coefficients as integer codes.</summary>
/// <param name="Codes">All of them.</param>
internal sealed record PackedFactorMap(FactoredLinear Info, WeightMatrix? Dictionary, PackedMatrix Codes) : FactorMap(Info, Dictionary)
{
    /// <inheritdoc/>
    protected override WeightMatrix Slice(int first, int count) => count == Codes.Rows ? Codes : Codes.Slice(first, count);
}
