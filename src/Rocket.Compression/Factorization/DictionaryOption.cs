using System.Text.Json.Serialization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>A dictionary of k atoms and s coefficients a column: W^T ~ D C, D <c>[d_in, k]</c>, C <c>[k, d_out]</c>.</summary>
/// <param name="Ratio">Share of the linear's parameters that the option removes (a point of the grid).</param>
/// <param name="Rho">k / s; 1 is the dense low-rank factorization.</param>
/// <param name="K">Number of atoms.</param>
/// <param name="S">Coefficients a column.</param>
public sealed record DictionaryOption(double Ratio, double Rho, int K, int S) : LinearOption
{
    /// <summary>Name of the form.</summary>
    public const string FormName = "dictionary";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Form => FormName;

    /// <inheritdoc/>
    public override FactoredLinear Layout(int dIn, int dOut, TensorType type) => new(LinearForm.Dictionary, dIn, dOut, K, (long)S * dOut, type) { Quantization = Quantization };
}
