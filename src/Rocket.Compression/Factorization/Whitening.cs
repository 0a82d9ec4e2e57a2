using Rocket.Compression.Diagnostics;
using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Cholesky factor of a Gram matrix: G + lambda I = S^T S over the live features, S upper triangular, in double.</summary>
/// <remarks>
/// Section 3 of the paper. ||X (W - W^)^T||_F = ||S W^T - S W^^T||_F. A dead feature (G_ii = 0) was zero in every token:
/// its row and column are left out of the factorization and are zero in <see cref="Factor"/>.
/// </remarks>
public sealed class Whitening : IDisposable
{
    private const double ShiftPerToken = 7e-6;

    private Whitening(Tensor factor, Tensor live, long liveCount, double lambda)
    {
        Factor = factor;
        Live = live;
        LiveCount = liveCount;
        Lambda = lambda;
    }

    /// <summary>S, float64 <c>[d_in, d_in]</c>, upper triangular.</summary>
    public Tensor Factor { get; }

    /// <summary>1 for a live feature, 0 for a dead one, float64 <c>[d_in]</c>.</summary>
    public Tensor Live { get; }

    /// <summary>Number of live features.</summary>
    public long LiveCount { get; }

    /// <summary>What was added to the diagonal of the live features.</summary>
    public double Lambda { get; }

    /// <summary>Factors a Gram matrix.</summary>
    /// <param name="gram">G, float64 <c>[d_in, d_in]</c>.</param>
    /// <param name="tokens">Tokens that G sums over; scales the shift of a matrix that is not positive definite.</param>
    /// <param name="lambda">The shift; null: 0 where G is positive definite, else -lambda_min(G) + 7e-6 tokens.</param>
    /// <param name="name">Named in errors.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public static Whitening Compute(Tensor gram, long tokens, double? lambda = null, string name = "linear")
    {
        ArgumentNullException.ThrowIfNull(gram);
        using DisposeScope scope = NewDisposeScope();
        using Tensor diagonal = gram.diagonal().contiguous();
        double[] energies = diagonal.Elements<double>().ToArray();
        if (!double.IsFinite(gram.sum().Value<double>()))
        {
            throw CompressionErrors.GramNotPositive(name, double.NaN, double.NaN);
        }

        double shift = lambda ?? 0;
        (Tensor lower, Tensor info) = Factorize(gram, energies, shift);
        if (info.Value<int>() != 0)
        {
            if (lambda is not null)
            {
                throw CompressionErrors.GramNotPositive(name, double.NaN, double.NaN);
            }

            shift = Shift(gram, tokens, name);
            (lower, info) = Factorize(gram, energies, shift);
            if (info.Value<int>() != 0)
            {
                throw CompressionErrors.GramNotPositive(name, -shift, double.NaN);
            }
        }

        Tensor live = diagonal.IsNotZero();
        Tensor upper = (lower.t() * live).contiguous();
        return new Whitening(upper.MoveToOuterDisposeScope(), live.MoveToOuterDisposeScope(), energies.LongCount(energy => energy != 0), shift);
    }

    /// <summary>G + lambda I over the live features, zero elsewhere, float64 <c>[d_in, d_in]</c>.</summary>
    public Tensor Regularize(Tensor gram)
    {
        ArgumentNullException.ThrowIfNull(gram);
        using Tensor diagonal = gram.diagonal().contiguous();
        return WithDiagonal(gram, [.. diagonal.Elements<double>().ToArray().Select(energy => energy == 0 ? 0 : energy + Lambda)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Factor.Dispose();
        Live.Dispose();
    }

    // Dead features get a unit diagonal: they factor on their own, and are zeroed afterwards.
    private static (Tensor Lower, Tensor Info) Factorize(Tensor gram, double[] energies, double shift)
    {
        using Tensor regular = WithDiagonal(gram, [.. energies.Select(energy => energy == 0 ? 1 : energy + shift)]);
        return linalg.cholesky_ex(regular);
    }

    private static Tensor WithDiagonal(Tensor matrix, double[] diagonal)
    {
        Tensor copy = matrix.clone();
        Span<double> values = copy.Elements<double>();
        for (int i = 0; i < diagonal.Length; i++)
        {
            values[(i * diagonal.Length) + i] = diagonal[i];
        }

        return copy;
    }

    // The reference's shift. It applies it to G / n, so the constant grows with the number of tokens here.
    private static double Shift(Tensor gram, long tokens, string name)
    {
        ReadOnlySpan<double> eigenvalues = linalg.eigvalsh(gram).contiguous().Elements<double>();
        double smallest = eigenvalues[0];
        double largest = eigenvalues[^1];

        // Rounding makes the smallest eigenvalue of a Gram matrix slightly negative, never this much.
        return double.IsFinite(smallest) && smallest > -1e-3 * largest
            ? Math.Max(-smallest, 0) + (ShiftPerToken * tokens)
            : throw CompressionErrors.GramNotPositive(name, smallest, largest);
    }
}
