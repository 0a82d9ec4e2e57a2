using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Fits the entries that a pruning kept: for every row, the least (w - v) G (w - v)^T over the v with its support, by conjugate gradients
/// that diag(G) preconditions. All rows step together, so a step is one product with G, and none raises the error.
/// </summary>
internal static class SparseRefinement
{
    private const double Smallest = 1e-30;

    /// <summary>The refined weight, zero where <paramref name="pruned"/> is, float32 <c>[d_out, d_in]</c>.</summary>
    /// <param name="weight">W <c>[d_out, d_in]</c>.</param>
    /// <param name="gram">G <c>[d_in, d_in]</c>, float32.</param>
    /// <param name="pruned">Where to start from; its zeros stay.</param>
    /// <param name="steps">Steps; each takes a product with G.</param>
    public static Tensor Run(Tensor weight, Tensor gram, Tensor pruned, int steps)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = pruned.IsNotZero();
        Tensor inverse = gram.diagonal().Plus(Smallest).reciprocal() * gram.diagonal().IsNotZero();
        Tensor values = pruned.clone();
        Tensor residual = (weight - pruned).mm(gram).mul_(mask);
        Tensor direction = residual * inverse;
        Tensor energy = (residual * direction).sum(1, keepdim: true);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope stepScope = NewDisposeScope();
            Tensor image = direction.mm(gram).mul_(mask);
            Tensor length = energy / (direction * image).sum(1, keepdim: true).PlusInPlace(Smallest);
            values.PlusInPlace(direction * length);
            residual.sub_(image * length);
            Tensor scaled = residual * inverse;
            Tensor next = (residual * scaled).sum(1, keepdim: true);
            direction = scaled.PlusInPlace(direction * (next / energy.Plus(Smallest))).MoveToOuterDisposeScope();
            energy = next.MoveToOuterDisposeScope();
        }

        return values.mul_(mask).MoveToOuterDisposeScope();
    }
}
