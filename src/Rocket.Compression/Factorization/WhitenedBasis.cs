using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>The whitened weight x = S W^T in the basis of its left singular vectors: x = U Z, rows of Z by falling energy.</summary>
/// <remarks>
/// One eigendecomposition a linear, of the smaller of x x^T and x^T x = W (G + lambda I) W^T; the second needs no whitening at all,
/// since then Z = diag(sigma) V^T and S^-1 u_i = W^T v_i / sigma_i.
/// </remarks>
public sealed class WhitenedBasis
{
    private WhitenedBasis(int count, int dOut, float[] coefficients, double[] energies, double[] atomNorms)
    {
        Count = count;
        DOut = dOut;
        Coefficients = coefficients;
        Energies = energies;
        AtomNorms = atomNorms;
    }

    /// <summary>Number of rows m = min(d_in, d_out).</summary>
    public int Count { get; }

    /// <summary>Columns of Z.</summary>
    public int DOut { get; }

    /// <summary>Z^T, <c>[d_out, m]</c>: the coefficients of an output lie side by side.</summary>
    public ReadOnlyMemory<float> Coefficients { get; }

    /// <summary>Squared singular values of x, falling, <c>[m]</c>.</summary>
    public ReadOnlyMemory<double> Energies { get; }

    /// <summary>||S^-1 u_i||: the norm that a unit of coefficient i has in the space of W, <c>[m]</c>.</summary>
    public ReadOnlyMemory<double> AtomNorms { get; }

    /// <summary>Computes the basis.</summary>
    /// <param name="weight">W, float64 <c>[d_out, d_in]</c>, zero in dead columns.</param>
    /// <param name="gram">G + lambda I, float64 <c>[d_in, d_in]</c>, zero for dead features.</param>
    /// <param name="whitening">S.</param>
    public static WhitenedBasis Compute(Tensor weight, Tensor gram, Whitening whitening)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(gram);
        ArgumentNullException.ThrowIfNull(whitening);
        using DisposeScope scope = NewDisposeScope();
        return weight.shape[0] <= weight.shape[1] ? FromOutputs(weight, gram) : FromInputs(weight, whitening);
    }

    /// <summary>||x - x_k||_F of the best approximation of rank k.</summary>
    public double RankError(int k)
    {
        double tail = 0;
        ReadOnlySpan<double> energies = Energies.Span;
        for (int i = energies.Length - 1; i >= k; i--)
        {
            tail += energies[i];
        }

        return Math.Sqrt(tail);
    }

    // d_out <= d_in: x^T x = V diag(sigma^2) V^T.
    private static WhitenedBasis FromOutputs(Tensor weight, Tensor gram)
    {
        Tensor product = weight.mm(gram).mm(weight.t());
        (Tensor energies, Tensor vectors) = linalg.eigh(product.Plus(product.t()).Times(0.5));
        Tensor falling = energies.flip(0).relu().contiguous();
        Tensor v = vectors.flip(1);
        Tensor sigma = falling.sqrt();
        Tensor inverse = Inverse(sigma);
        Tensor norms = v.t().mm(weight).norm(1, false, 2f) * inverse;
        return Create(v * sigma, falling, norms);
    }

    // d_out > d_in: x x^T = U diag(sigma^2) U^T, Z = U^T x.
    private static WhitenedBasis FromInputs(Tensor weight, Whitening whitening)
    {
        Tensor x = whitening.Factor.mm(weight.t());
        (Tensor energies, Tensor vectors) = linalg.eigh(x.mm(x.t()));
        Tensor falling = energies.flip(0).relu().contiguous();
        Tensor u = vectors.flip(1);

        // Dead features have a zero row in S; a unit diagonal lets the triangular solve pass, and their part of u is zero.
        Tensor regular = whitening.Factor.Plus(whitening.Live.OneMinus().diag());
        Tensor atoms = linalg.solve_triangular(regular, (u.t() * whitening.Live).t(), upper: true);
        Tensor norms = atoms.norm(0, false, 2f) * falling.IsNotZero();
        return Create(x.t().mm(u), falling, norms);
    }

    private static Tensor Inverse(Tensor sigma)
    {
        // Directions without energy have no atom; the bound is far below what double can tell apart.
        ReadOnlySpan<double> values = sigma.Elements<double>();
        double least = values[0] * 1e-12;
        double[] inverse = [.. values.ToArray().Select(value => value > least ? 1 / value : 0)];
        return ((ReadOnlySpan<double>)inverse).ToTensor(ScalarType.Float64, inverse.Length);
    }

    private static WhitenedBasis Create(Tensor transposed, Tensor energies, Tensor norms)
    {
        float[] coefficients = transposed.to_type(ScalarType.Float32).contiguous().Elements<float>().ToArray();
        return new WhitenedBasis(
            (int)transposed.shape[1],
            (int)transposed.shape[0],
            coefficients,
            energies.Elements<double>().ToArray(),
            norms.contiguous().Elements<double>().ToArray());
    }
}
