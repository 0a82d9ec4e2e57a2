using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class FactorizationStepsTests
{
    private const int Kept = 64 * 48 / 3;

    [Fact]
    public void Every_step_that_is_left_out_costs_in_both_forms()
    {
        foreach (LinearOption option in (LinearOption[])[new SparseOption(0.667, Kept), new DictionaryOption(0.5, 2, 20, 10)])
        {
            double all = Loss(FactorizationSteps.All, option);

            Assert.True(Loss(new(WeighsRows: false), option) > 1.01 * all, option.Form);
            Assert.True(Loss(new(Refines: false), option) > 1.01 * all, option.Form);
        }
    }

    [Fact]
    public void Where_linears_are_not_weighed_the_same_factors_have_a_relative_loss()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(5, 64, 48, 500);
        using var nats = new LinearFactorizer(Statistics(problem, FactorizationSteps.All));
        using var relative = new LinearFactorizer(Statistics(problem, new(WeighsLinears: false)));
        var option = new SparseOption(0.667, Kept);
        var nothing = new SparseOption(1, 0);

        (LinearFactors left, FactorizationErrors inNats) = nats.Factorize(option);
        (LinearFactors right, FactorizationErrors share) = relative.Factorize(option);

        Assert.Equal(left.Info, right.Info);
        Assert.Equal(left.Values.ToArray(), right.Values.ToArray());
        Assert.Equal(1, relative.Evaluate(nothing).Loss!.Value, 1e-4);
        Assert.Equal(inNats.Loss!.Value / nats.Evaluate(nothing).Loss!.Value, share.Loss!.Value, 1e-5);
    }

    private static double Loss(FactorizationSteps steps, LinearOption option)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(5, 64, 48, 500);
        using var factorizer = new LinearFactorizer(Statistics(problem, steps));
        return factorizer.Evaluate(option).Loss!.Value;
    }

    private static LinearStatistics Statistics(LinearProblem problem, FactorizationSteps steps)
    {
        double[] squares = [.. Enumerable.Range(0, problem.DOut).Select(j => Math.Pow(2, j % 9))];
        return LinearStatistics.Create(
            problem.Weight.to_type(ScalarType.Float32), problem.Gram, problem.Tokens, problem.Tokens, (tensor(squares), problem.Tokens), TensorType.F32, "test", steps: steps);
    }
}
