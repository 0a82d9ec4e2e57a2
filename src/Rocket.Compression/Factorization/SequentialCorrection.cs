using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>What a linear should be behind compressed blocks, so that it gives there what it gives in the dense model.</summary>
/// <remarks>
/// With X the linear's inputs in the dense model and X' those that it really gets, W' minimises ||X W^T - X' W'^T||^2 + r ||W' - W||^2:
/// W' = W (X^T X' + r I) (X'^T X' + r I)^-1, r the mean diagonal of X'^T X'. The pull towards W keeps directions that the
/// windows hardly show as they are; where X' = X, W' = W.
/// </remarks>
public static class SequentialCorrection
{
    private const double Ridge = 1;

    /// <summary>W', float32 <c>[d_out, d_in]</c>; W itself where the inputs are all zero.</summary>
    /// <param name="weight">W, float32 <c>[d_out, d_in]</c>.</param>
    /// <param name="gram">X'^T X', float64 <c>[d_in, d_in]</c>.</param>
    /// <param name="cross">X^T X', float64 <c>[d_in, d_in]</c>.</param>
    public static Tensor Correct(Tensor weight, Tensor gram, Tensor cross)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(gram);
        ArgumentNullException.ThrowIfNull(cross);
        using DisposeScope scope = NewDisposeScope();
        double mean = gram.diagonal().mean().Value<double>();
        if (!(mean > 0))
        {
            return weight.clone().MoveToOuterDisposeScope();
        }

        Tensor ridge = eye(gram.shape[0], dtype: ScalarType.Float64).Times(Ridge * mean);
        Tensor target = weight.to_type(ScalarType.Float64).mm(cross.Plus(ridge));

        // A Gram matrix with its mean diagonal added is positive definite by far.
        Tensor lower = linalg.cholesky(gram.Plus(ridge));
        return target.t().contiguous().cholesky_solve(lower).t().contiguous().to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
