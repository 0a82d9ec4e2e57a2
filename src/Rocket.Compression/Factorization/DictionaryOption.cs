using System.Text.Json.Serialization;
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

    /// <summary>The paper's count: k d_in + s d_out parameters.</summary>
    public override long Parameters(int dIn, int dOut) => ((long)K * dIn) + ((long)S * dOut);

    /// <inheritdoc/>
    public override long MaskBytes(int dIn, int dOut) => (long)FactoredLinear.MaskStride(K) * dOut;
}
