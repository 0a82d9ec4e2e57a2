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
        Tensor factor = Factored(Inverted(statistics)).t().to_type(ScalarType.Float32).contiguous();
        return new InverseGram(factor.DetachFromDisposeScope(), factor.diagonal().contiguous().Elements<float>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => Factor.Dispose();

    // Of a wide linear every one of these matrices counts: each is freed as soon as the next is there.
    private static Tensor Inverted(LinearStatistics statistics)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor damped = statistics.Gram.clone();
        damped.diagonal().PlusInPlace(Damping);
        (Tensor lower, Tensor info) = linalg.cholesky_ex(damped);
        damped.Dispose();
        return info.Value<int>() == 0
            ? cholesky_inverse(lower).MoveToOuterDisposeScope()
            : throw Diagnostics.CompressionErrors.GramNotPositive(statistics.Name, double.NaN, double.NaN);
    }

    private static Tensor Factored(Tensor inverse)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor symmetric = inverse.Plus(inverse.t()).TimesInPlace(0.5);
        inverse.Dispose();
        return linalg.cholesky(symmetric).MoveToOuterDisposeScope();
    }
}
