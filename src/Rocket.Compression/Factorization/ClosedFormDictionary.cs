using Rocket.Compression.Execution;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>The dictionary that is best for given coefficients.</summary>
internal static class ClosedFormDictionary
{
    private const double Ridge = 1e-6;

    /// <summary>(C C^T + eps I)^-1 C W, eps = 1e-6 mean(diag(C C^T)), <c>[k, d_in]</c>.</summary>
    /// <param name="product">C C^T <c>[k, k]</c>.</param>
    /// <param name="right">C W <c>[k, d_in]</c>.</param>
    // Rows of C differ by orders of magnitude: scaled to unit norm the system is well conditioned.
    public static Tensor Solve(Tensor product, Tensor right)
    {
        Tensor diagonal = product.diagonal();
        double ridge = Ridge * diagonal.mean().Value<float>();
        Tensor empty = diagonal.IsNotZero().OneMinus();
        Tensor scale = diagonal.Plus(empty).rsqrt();
        Tensor scaled = (product * scale.unsqueeze(1) * scale).PlusInPlace(scale.Squared().Times(ridge).Plus(empty).diag());
        Tensor target = right * scale.unsqueeze(1);
        (Tensor lower, Tensor info) = linalg.cholesky_ex(scaled);
        Tensor solution = info.Value<int>() == 0 ? target.cholesky_solve(lower) : SolveInDouble(scaled, target);
        return solution * scale.unsqueeze(1);
    }

    private static Tensor SolveInDouble(Tensor scaled, Tensor target)
        => linalg.solve(scaled.to_type(ScalarType.Float64), target.to_type(ScalarType.Float64)).to_type(ScalarType.Float32);
}
