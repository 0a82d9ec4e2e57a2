using Rocket.Compression.Factorization;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Benchmarks;

/// <summary>The errors of the paper's factorization with every step in float64, factors rounded to BF16, and the residual formed in full.</summary>
internal sealed class ExactErrors : IDisposable
{
    private const double Ridge = 1e-6;

    private readonly Tensor _weight;
    private readonly Tensor _gram;
    private readonly CoefficientSelection _selection;

    public ExactErrors(Tensor weight, Tensor gram, int tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        using Whitening whitening = Whitening.Compute(gram, tokens);
        _weight = weight.to_type(ScalarType.Float64).DetachFromDisposeScope();
        _gram = whitening.Regularize(gram).DetachFromDisposeScope();
        _selection = new CoefficientSelection(WhitenedBasis.Compute(_weight, _gram, whitening));
    }

    /// <summary>The errors of k atoms with s coefficients a column.</summary>
    public FactorizationErrors Of(int k, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = new float[_weight.shape[0] * k];
        _selection.Select(k, s, values);
        Tensor c = tensor(values, [_weight.shape[0], k]).to_type(ScalarType.Float64);
        Tensor product = c.t().mm(c);
        Tensor ridge = product.diagonal().mean().mul(Ridge).mul(eye(k, dtype: ScalarType.Float64));
        Tensor atoms = linalg.solve(product.add(ridge, 1), c.t().mm(_weight));
        Tensor norms = atoms.norm(1, false, 2f);
        Tensor residual = _weight - Round(c * norms).mm(Round(atoms / norms.unsqueeze(1)));
        return new FactorizationErrors(
            Math.Sqrt(Energy(residual.mm(_gram), residual) / Energy(_weight.mm(_gram), _weight)),
            Math.Sqrt(Energy(residual, residual) / Energy(_weight, _weight)));
    }

    public void Dispose()
    {
        _weight.Dispose();
        _gram.Dispose();
    }

    private static Tensor Round(Tensor x) => x.to_type(ScalarType.BFloat16).to_type(ScalarType.Float64);

    private static double Energy(Tensor a, Tensor b) => (a * b).sum().ToDouble();
}
