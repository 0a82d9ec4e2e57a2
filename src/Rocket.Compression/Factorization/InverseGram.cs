using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>The inverse of a damped Gram matrix in factors: H = G + 0.01 mean(diag G) I, H^-1 = U^T U with U upper triangular.</summary>
internal sealed class InverseGram : IDisposable
{
    private const double Damping = 0.01;

    private InverseGram(Tensor factor, float[] diagonal) => (Factor, Diagonal) = (factor, diagonal);

    /// <summary>U, float32 <c>[d_in, d_in]</c>.</summary>
    public Tensor Factor { get; }

    /// <summary>The diagonal of U.</summary>
    public float[] Diagonal { get; }

    /// <summary>Inverts the Gram matrix of a linear, which is scaled to a mean diagonal of 1; one of zeros keeps a ridge that can be inverted.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public static InverseGram Of(LinearStatistics statistics)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor lower = Reversed(statistics);
        Tensor factor = linalg.solve_triangular(lower, eye(lower.shape[0], dtype: ScalarType.Float32), upper: false).flip(0, 1).contiguous();
        return new InverseGram(factor.DetachFromDisposeScope(), factor.diagonal().contiguous().Elements<float>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => Factor.Dispose();

    // With its features in reverse order H = L L^T; L^-1 with its own reversed on both sides is U, and H^-1 is never formed. L is float32: the damping
    // bounds its condition by 10 sqrt(d_in), so that U loses some 1e-5 at most. Of a wide linear every matrix counts, and is freed when the next is there.
    private static Tensor Reversed(LinearStatistics statistics)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor damped = statistics.Gram.flip(0, 1);
        damped.diagonal().PlusInPlace(Damping);
        (Tensor lower, Tensor info) = linalg.cholesky_ex(damped);
        damped.Dispose();
        return info.Value<int>() == 0
            ? lower.to_type(ScalarType.Float32).MoveToOuterDisposeScope()
            : throw Diagnostics.CompressionErrors.GramNotPositive(statistics.Name, double.NaN, double.NaN);
    }
}
