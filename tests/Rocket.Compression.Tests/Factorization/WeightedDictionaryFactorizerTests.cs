using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class WeightedDictionaryFactorizerTests
{
    [Theory]
    [InlineData(60, 40)]
    [InlineData(40, 60)]
    public void It_tells_the_loss_of_the_stored_factors_and_no_dictionary_is_below_the_bound_of_its_rank(int dIn, int dOut)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(11, dIn, dOut, 400);
        double[] squares = [.. Enumerable.Range(0, dOut).Select(j => 0.1 + (j % 5))];
        double mean = squares.Average();
        using LinearStatistics statistics = LinearStatistics.Create(
            problem.Weight.to_type(ScalarType.Float32), problem.Gram, problem.Tokens, problem.Tokens, (tensor(squares), problem.Tokens), TensorType.BF16, "test");
        using var factorizer = new WeightedDictionaryFactorizer(statistics);
        RankBound bound = RankBound.Compute(statistics);
        foreach ((int k, int s) in ((int, int)[])[(5, 5), (20, 7), (38, 15)])
        {
            var option = new DictionaryOption(0.5, (double)k / s, k, s);
            (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(option);
            Tensor residual = problem.Weight - StoredErrors.MultiplyOut(factors);
            Tensor b = tensor(squares).Plus(0.001 * mean);
            double loss = ((residual.mm(problem.Gram) * residual).sum(1) * b).sum().Value<double>() / (2.0 * problem.Tokens * problem.Tokens);
            Assert.Equal(loss, errors.Loss!.Value, 1e-3 * loss);
            Assert.Equal(errors, factorizer.Evaluate(option));
            Assert.InRange(bound.Of(k), 0.3 * errors.Loss.Value * (s == k ? 1 : 0), errors.Loss.Value);
        }
    }

    [Fact]
    public void Refinement_lowers_the_error_and_keeps_s_coefficients_a_column()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor target = randn(50, 30) * linspace(3, 0.1, 30);
        Tensor first = target.narrow(1, 0, 20);
        Tensor refined = DictionaryRefinement.Run(target, 20, 6);
        Assert.True(refined.IsNotZero().sum(1).max().Value<float>() <= 6);
        Tensor largest = first * (first.abs() >= first.abs().topk(6, 1).values.amin([1], keepdim: true));
        Assert.True(Error(target, refined) < 0.97 * Error(target, largest));
    }

    private static double Error(Tensor target, Tensor coefficients)
    {
        Tensor dictionary = ClosedFormDictionary.Solve(coefficients.t().mm(coefficients), coefficients.t().mm(target));
        return (target - coefficients.mm(dictionary)).Squared().sum().Value<float>();
    }
}
