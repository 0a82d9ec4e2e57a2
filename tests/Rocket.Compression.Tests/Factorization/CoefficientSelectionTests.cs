using CsCheck;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class CoefficientSelectionTests
{
    // k, s and a basis of m rows.
    private static readonly Gen<(int Seed, int DIn, int DOut, int K, int S)> Problems =
        from seed in Gen.Int[0, 1_000_000]
        from dIn in Gen.Int[2, 40]
        from dOut in Gen.Int[2, 40]
        from k in Gen.Int[1, Math.Min(dIn, dOut)]
        from s in Gen.Int[1, k]
        select (seed, dIn, dOut, k, s);

    [Fact]
    public void It_keeps_what_sorting_every_entry_keeps() => Problems.Sample(
        problem =>
        {
            WhitenedBasis basis = Basis(problem.Seed, problem.DIn, problem.DOut);
            Assert.Equal(BruteForce(basis, problem.K, problem.S), Select(basis, problem.K, problem.S));
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void It_keeps_s_entries_a_column_on_average_and_few_less_in_any() => Problems.Sample(
        problem =>
        {
            float[] kept = Select(Basis(problem.Seed, problem.DIn, problem.DOut), problem.K, problem.S);
            int[] counts = [.. kept.Chunk(problem.K).Select(column => column.Count(value => value != 0))];
            Assert.Equal(problem.S * problem.DOut, counts.Sum());
            Assert.True(counts.Min() >= Math.Max(1, problem.S - (int)Math.Round(0.005 * problem.K)));
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void The_refill_goes_over_the_whole_matrix()
    {
        // round(0.005 * 120) = 1 of every column is given out over the matrix.
        WhitenedBasis basis = Basis(1, 120, 130);
        float[] kept = Select(basis, 120, 40);
        int[] counts = [.. kept.Chunk(120).Select(column => column.Count(value => value != 0))];
        Assert.Equal(40 * 130, counts.Sum());
        Assert.Equal(39, counts.Min());
        Assert.True(counts.Max() > 40);
        Assert.Equal(BruteForce(basis, 120, 40), kept);
    }

    [Fact]
    public void Ties_go_to_the_smaller_index()
    {
        using DisposeScope scope = NewDisposeScope();

        // W W^T = 1: every coefficient of an output is +-1/2 in some basis of equal energies, or 0 and 1; equal importance in any case ends in index order.
        double[] hadamard = [1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1];
        Tensor weight = ((ReadOnlySpan<double>)hadamard).ToTensor(ScalarType.Float64, 4, 4);
        using Whitening whitening = Whitening.Compute(eye(4, dtype: ScalarType.Float64), 1);
        WhitenedBasis basis = WhitenedBasis.Compute(weight, eye(4, dtype: ScalarType.Float64), whitening);
        for (int s = 1; s <= 4; s++)
        {
            Assert.Equal(BruteForce(basis, 4, s), Select(basis, 4, s));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    public void An_option_that_does_not_exist_is_refused(int k, int s)
    {
        WhitenedBasis basis = Basis(1, 4, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CoefficientSelection(basis).Select(k, s, new float[5 * k]));
    }

    private static float[] Select(WhitenedBasis basis, int k, int s)
    {
        float[] coefficients = new float[basis.DOut * k];
        new CoefficientSelection(basis).Select(k, s, coefficients);
        return coefficients;
    }

    // In the float32 importance of the library: ties and near-ties are judged alike.
    private static float[] BruteForce(WhitenedBasis basis, int k, int s)
    {
        int m = basis.Count;
        float[] z = basis.Coefficients.ToArray();
        double[] norms = basis.AtomNorms.ToArray();
        var kept = new HashSet<(int I, int J)>();
        int perColumn = Math.Max(1, s - (int)Math.Round(0.005 * k));
        for (int j = 0; j < basis.DOut; j++)
        {
            foreach (int i in Enumerable.Range(0, k).OrderByDescending(i => MathF.Abs(z[(j * m) + i]) * (float)Math.Sqrt(norms[i])).ThenBy(i => i).Take(perColumn))
            {
                kept.Add((i, j));
            }
        }

        (int, int)[] refill = [.. Enumerable.Range(0, k).SelectMany(i => Enumerable.Range(0, basis.DOut).Select(j => (I: i, J: j)))
            .Where(entry => !kept.Contains(entry))
            .OrderByDescending(entry => MathF.Abs(z[(entry.J * m) + entry.I]) * (float)norms[entry.I])
            .ThenBy(entry => (entry.I * basis.DOut) + entry.J)
            .Take((s - perColumn) * basis.DOut)];
        kept.UnionWith(refill);
        float[] coefficients = new float[basis.DOut * k];
        foreach ((int i, int j) in kept)
        {
            coefficients[(j * k) + i] = z[(j * m) + i];
        }

        return coefficients;
    }

    private static WhitenedBasis Basis(int seed, int dIn, int dOut)
    {
        using LinearProblem problem = LinearProblem.Create(seed, dIn, dOut, 3 * dIn);
        using Whitening whitening = Whitening.Compute(problem.Gram, problem.Tokens);
        return WhitenedBasis.Compute(problem.Weight, problem.Gram, whitening);
    }
}
