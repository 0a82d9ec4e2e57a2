using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>
/// The paper's method step by step in double, from its description: dead features dropped, whitening by S, singular vectors of
/// x = S W^T, importance, selection and refill, the dictionary in the whitened space and back through S^-1. Nothing is shared with the library.
/// </summary>
internal sealed class ReferenceFactorization
{
    private ReferenceFactorization(bool[] selected, double[] approximation, double whitened, double weight)
    {
        Selected = selected;
        Approximation = approximation;
        WhitenedError = whitened;
        WeightError = weight;
    }

    /// <summary>Which entries of C^T <c>[d_out, k]</c> are kept.</summary>
    public bool[] Selected { get; }

    /// <summary>W^ <c>[d_out, d_in]</c>.</summary>
    public double[] Approximation { get; }

    /// <summary>||S (W - W^)^T||_F / ||S W^T||_F.</summary>
    public double WhitenedError { get; }

    /// <summary>||W - W^||_F / ||W||_F.</summary>
    public double WeightError { get; }

    public static ReferenceFactorization Compute(LinearProblem problem, double lambda, int k, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] live = [.. Enumerable.Range(0, problem.DIn).Where(i => problem.Gram[i, i].Value<double>() != 0).Select(i => (long)i)];
        Tensor index = tensor(live);
        Tensor weight = problem.Weight.index_select(1, index);
        Tensor gram = problem.Gram.index_select(0, index).index_select(1, index).Plus(eye(live.Length, dtype: ScalarType.Float64).Times(lambda));
        Tensor whitening = linalg.cholesky(gram).t();
        Tensor x = whitening.mm(weight.t());
        Tensor basis = linalg.svd(x, fullMatrices: false).U.narrow(1, 0, k);
        Tensor c = basis.t().mm(x);
        Tensor originalNorms = linalg.solve(whitening, basis).Squared().sum([0]).sqrt();

        bool[] selected = Select(c.contiguous().Elements<double>().ToArray(), originalNorms.contiguous().Elements<double>().ToArray(), k, problem.DOut, s);
        double[] mask = [.. selected.Select(kept => kept ? 1.0 : 0.0)];
        Tensor sparse = c * ((ReadOnlySpan<double>)mask).ToTensor(ScalarType.Float64, problem.DOut, k).t();
        Tensor product = sparse.mm(sparse.t());
        Tensor ridge = eye(k, dtype: ScalarType.Float64).Times(1e-6 * product.diagonal().mean().Value<double>());
        Tensor whitenedAtoms = linalg.solve(product.Plus(ridge), sparse.mm(x.t())).t();
        Tensor dictionary = linalg.solve(whitening, whitenedAtoms);
        Tensor liveApproximation = dictionary.mm(sparse).t();
        Tensor approximation = zeros_like(problem.Weight).index_copy(1, index, liveApproximation);
        return new ReferenceFactorization(
            selected,
            approximation.contiguous().Elements<double>().ToArray(),
            (x - whitening.mm(liveApproximation.t())).norm().Value<double>() / x.norm().Value<double>(),
            (problem.Weight - approximation).norm().Value<double>() / problem.Weight.norm().Value<double>());
    }

    // c [k, d_out]; the result is [d_out, k].
    private static bool[] Select(double[] c, double[] norms, int k, int dOut, int s)
    {
        bool[] selected = new bool[k * dOut];
        int perColumn = Math.Max(1, s - (int)Math.Round(0.005 * k));
        for (int j = 0; j < dOut; j++)
        {
            double Importance(int i) => Math.Sqrt(Math.Abs(c[(i * dOut) + j]) * Math.Abs(c[(i * dOut) + j]) * norms[i]);
            foreach (int i in Enumerable.Range(0, k).OrderByDescending(Importance).Take(perColumn))
            {
                selected[(j * k) + i] = true;
            }
        }

        var refill = Enumerable.Range(0, k * dOut)
            .Where(entry => !selected[(entry % dOut * k) + (entry / dOut)])
            .OrderByDescending(entry => Math.Abs(c[entry]) * norms[entry / dOut])
            .Take((s - perColumn) * dOut)
            .ToArray();
        foreach (int entry in refill)
        {
            selected[(entry % dOut * k) + (entry / dOut)] = true;
        }

        return selected;
    }
}
