using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Benchmarks;

/// <summary>What the paper's published profiler does for one linear, operation by operation in float64; its results are not used, only its time.</summary>
/// <param name="weight">W <c>[d_out, d_in]</c>.</param>
/// <param name="gram">G <c>[d_in, d_in]</c>.</param>
internal sealed class ReferenceSequence(Tensor weight, Tensor gram)
{
    private const double Ridge = 1e-6;

    private readonly Tensor _transposed = weight.to_type(ScalarType.Float64).t().contiguous();
    private readonly Tensor _importance = rand(weight.shape[0], ScalarType.Float64);
    private Tensor _whitened = empty(0);
    private Tensor _unwhitening = empty(0);
    private Tensor _left = empty(0);
    private Tensor _values = empty(0);
    private Tensor _right = empty(0);

    /// <summary>S, its inverse, x = S W^T and the decomposition of x.</summary>
    public void Prepare()
    {
        Tensor whitening = linalg.cholesky(gram).t();
        _unwhitening = linalg.inv(whitening);
        _whitened = whitening.mm(_transposed);
        (_left, _values, _right) = linalg.svd(_whitened, fullMatrices: false);
    }

    /// <summary>One candidate of k atoms with s coefficients a column.</summary>
    public double Run(int k, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor root = _values.narrow(0, 0, k).sqrt();
        (_left.narrow(1, 0, k) * root).Dispose();
        Tensor v = root.unsqueeze(1) * _right.narrow(0, 0, k);
        Tensor weighed = v.abs() * _importance;
        (Tensor threshold, _) = kthvalue(weighed, k - s + 1, 0, true);
        v = v * weighed.ge(threshold);
        Tensor product = v.mm(v.t());
        product.diagonal().add_(Ridge);
        Tensor target = _whitened.mm(v.t());
        Tensor optimum = target.t().cholesky_solve(linalg.cholesky(product)).t();
        Tensor approximation = _unwhitening.mm(optimum.mm(v));
        return (_transposed - approximation).norm().ToDouble();
    }
}
