using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>A lower bound on what any dictionary of k atoms loses: W^ has rank k, and no matrix of rank k is nearer than the truncated decomposition.</summary>
/// <remarks>Eckart and Young in the norm trace(diag(b) R G R^T); the eigenvalues of G^1/2 W^T diag(b) W G^1/2.</remarks>
public sealed class RankBound
{
    // Rounding of the eigenvalues, and the ridge that makes G positive definite.
    private const double Slack = 0.99;
    private const double Ridge = 1e-7;

    private readonly double[] _tails;

    private RankBound(double[] tails) => _tails = tails;

    /// <summary>Least predicted loss of k atoms, nats a token.</summary>
    public double Of(int k) => k < _tails.Length ? Slack * _tails[k] : 0;

    /// <summary>Computes the bound of a linear: one eigendecomposition.</summary>
    public static RankBound Compute(LinearStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = statistics.RowWeights.ToTensor(ScalarType.Float32, statistics.DOut).to_type(ScalarType.Float64).sqrt();
        Tensor weight = statistics.Weight.to_type(ScalarType.Float64) * rows.unsqueeze(1);
        Tensor product;
        if (statistics.DOut <= statistics.DIn)
        {
            product = weight.mm(statistics.Gram).mm(weight.t());
        }
        else
        {
            (Tensor lower, Tensor info) = linalg.cholesky_ex(statistics.Gram.Plus(eye(statistics.DIn, dtype: ScalarType.Float64).Times(Ridge)));
            if (info.Value<int>() != 0)
            {
                return new RankBound([]);
            }

            Tensor half = weight.mm(lower);
            product = half.t().mm(half);
        }

        double[] energies = linalg.eigvalsh(product.Plus(product.t()).Times(0.5)).contiguous().Elements<double>().ToArray();
        double[] tails = new double[energies.Length + 1];
        for (int k = energies.Length - 1; k >= 0; k--)
        {
            // Rising order: the tail behind the k largest is all but these.
            tails[k] = tails[k + 1] + Math.Max(energies[energies.Length - 1 - k], 0);
        }

        return new RankBound([.. tails.Select(tail => tail * statistics.LossScale)]);
    }
}
