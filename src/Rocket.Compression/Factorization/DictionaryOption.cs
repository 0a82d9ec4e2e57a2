namespace Rocket.Compression.Factorization;

/// <summary>A dictionary of k atoms and s coefficients a column: W^T ~ D C, D <c>[d_in, k]</c>, C <c>[k, d_out]</c>.</summary>
/// <param name="Ratio">Share of the linear's parameters that the option removes (a point of the grid).</param>
/// <param name="Rho">k / s; 1 is the dense low-rank factorization.</param>
/// <param name="K">Number of atoms.</param>
/// <param name="S">Coefficients a column.</param>
public sealed record DictionaryOption(double Ratio, double Rho, int K, int S)
{
    /// <summary>The paper's count: k d_in + s d_out parameters.</summary>
    public long Parameters(int dIn, int dOut) => ((long)K * dIn) + ((long)S * dOut);
}
