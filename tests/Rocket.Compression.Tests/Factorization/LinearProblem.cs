using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>A weight and the Gram matrix of its inputs, both in double, made from a seed.</summary>
internal sealed class LinearProblem : IDisposable
{
    private LinearProblem(Tensor weight, Tensor gram, int tokens)
    {
        Weight = weight.DetachFromDisposeScope();
        Gram = gram.DetachFromDisposeScope();
        Tokens = tokens;
    }

    /// <summary>W, float64 <c>[d_out, d_in]</c>, holding float32 values.</summary>
    public Tensor Weight { get; }

    /// <summary>G = X^T X, float64 <c>[d_in, d_in]</c>.</summary>
    public Tensor Gram { get; }

    /// <summary>Rows of X.</summary>
    public int Tokens { get; }

    public int DIn => (int)Weight.shape[1];

    public int DOut => (int)Weight.shape[0];

    /// <summary>Makes a problem.</summary>
    /// <param name="seed">Decides every value.</param>
    /// <param name="tokens">Rows of X; fewer than d_in make the Gram matrix singular.</param>
    /// <param name="dead">Features that are zero in every token.</param>
    /// <param name="outlier">Factor of feature 1.</param>
    /// <param name="rank">Rank of W but for <paramref name="noise"/>; 0: full.</param>
    /// <param name="noise">Size of what W has beyond its rank.</param>
    public static LinearProblem Create(int seed, int dIn, int dOut, int tokens, int[]? dead = null, double outlier = 1, int rank = 0, double noise = 0)
    {
        using DisposeScope scope = NewDisposeScope();
        var random = new Random(seed);
        Tensor x = Normal(random, tokens, dIn);

        // Features of different size that share directions, as activations do.
        x = x.Plus(x.mm(Normal(random, dIn, dIn)).Times(0.5 / Math.Sqrt(dIn)));
        double[] scales = [.. Enumerable.Range(0, dIn).Select(_ => Math.Exp(random.NextDouble() - 0.5))];
        scales[1] *= outlier;
        foreach (int feature in dead ?? [])
        {
            scales[feature] = 0;
        }

        x = x * ((ReadOnlySpan<double>)scales).ToTensor(ScalarType.Float64, dIn);
        Tensor weight = rank == 0
            ? Normal(random, dOut, dIn)
            : Normal(random, dOut, rank).mm(Normal(random, rank, dIn)).Plus(Normal(random, dOut, dIn).Times(noise));
        return new LinearProblem(weight.to_type(ScalarType.Float32).to_type(ScalarType.Float64), x.t().mm(x), tokens);
    }

    public void Dispose()
    {
        Weight.Dispose();
        Gram.Dispose();
    }

    private static Tensor Normal(Random random, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return ((ReadOnlySpan<double>)values).ToTensor(ScalarType.Float64, rows, columns);
    }
}
