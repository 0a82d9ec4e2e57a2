using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class LinearStatisticsTests
{
    // Rows of very different size, and outputs that matter by very different amounts.
    private static readonly int[] Parts = [12, 3, 15];
    private static readonly double[] Sizes = [1, 20, 0.1];
    private static readonly double[] Outputs = [0.001, 1, 50];

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void What_is_stored_of_a_fused_weight_costs_the_same_as_one_and_as_its_parts(bool hasGradients, bool weighsLinears)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(17, 24, Parts.Sum(), 300);
        Tensor weight = (problem.Weight * Rows(Sizes).unsqueeze(1)).to_type(ScalarType.Float32);
        using LinearProblem other = LinearProblem.Create(18, 24, Parts.Sum(), 30);
        Tensor stored = weight * other.Weight.to_type(ScalarType.Float32).Plus(0.5).relu().IsNotZero();
        Tensor squares = Rows(Outputs) * tensor([.. Enumerable.Range(1, Parts.Sum()).Select(row => (double)row)]);

        double whole = Loss(weight, stored, squares, Parts);
        double sum = 0;
        int first = 0;
        foreach (int rows in Parts)
        {
            sum += Loss(weight.narrow(0, first, rows), stored.narrow(0, first, rows), squares.narrow(0, first, rows), null);
            first += rows;
        }

        Assert.True(whole > 0);
        Assert.Equal(sum, whole, 1e-5 * sum);

        double Loss(Tensor weight, Tensor stored, Tensor squares, int[]? parts)
        {
            using LinearStatistics statistics = LinearStatistics.Create(
                weight, problem.Gram, problem.Tokens, 2 * problem.Tokens, hasGradients ? (squares.clone(), 100) : null, TensorType.F32, "test", parts,
                new FactorizationSteps(WeighsLinears: weighsLinears));
            using var meter = new ErrorMeter(statistics);
            return meter.Measure(stored.contiguous()).Loss!.Value;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_part_without_gradients_or_energy_gives_finite_weights_of_rows(bool hasGradients)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(19, 24, Parts.Sum(), 300);
        Tensor some = Rows([1, 0, 1]);
        using LinearStatistics statistics = LinearStatistics.Create(
            (problem.Weight * some.unsqueeze(1)).to_type(ScalarType.Float32), problem.Gram, problem.Tokens, problem.Tokens, hasGradients ? (some, 100) : null, TensorType.F32, "test", Parts);
        Assert.All(statistics.RowWeights.ToArray(), weight => Assert.InRange(weight, 1e-6f, 1e6f));
    }

    private static Tensor Rows(double[] values) => tensor(values.SelectMany((value, p) => Enumerable.Repeat(value, Parts[p])).ToArray());
}
