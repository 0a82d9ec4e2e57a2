using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Compression.Tests.Factorization;
using Rocket.Models.Checkpoints;

namespace Rocket.Compression.Tests.Profiling;

public sealed class DictionarySurveyTests
{
    private const int DIn = 320;
    private const int DOut = 256;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_hundreds_of_dictionaries_some_two_dozen_are_evaluated_and_the_others_are_told_within_a_percent_or_two(bool isPaper)
    {
        using LinearProblem problem = LinearProblem.Create(3, DIn, DOut, 2000);
        using ILinearFactorizer factorizer = isPaper
            ? new DictionaryFactorizer(problem.Weight, problem.Gram, problem.Tokens, TensorType.F32, "linear")
            : new LinearFactorizer(WeighedProblem.Statistics(problem, TensorType.F32, out _));

        LinearProfile all = LinearProfiler.Profile(factorizer, DIn, DOut, OptionGrid.Paper, null, TestContext.Current.CancellationToken);
        LinearProfile few = LinearProfiler.Profile(factorizer, DIn, DOut, OptionGrid.Paper with { IsSurveyed = true }, null, TestContext.Current.CancellationToken);

        Assert.Equal(all.Options.Select(option => option.Option), few.Options.Select(option => option.Option));
        Assert.InRange(few.Options.Where(option => !option.IsRead).DistinctBy(option => option.Parameters).Count(), 20, 40);
        foreach ((ProfiledOption exact, ProfiledOption told) in all.Options.Zip(few.Options).Skip(1))
        {
            if (!told.IsRead)
            {
                Assert.Equal(exact, told);
            }

            Assert.InRange(Cost(told) / Cost(exact), 0.98, 1.02);
        }

        Assert.InRange(all.Options.Zip(few.Options).Skip(1).Average(pair => Math.Abs((Cost(pair.Second) / Cost(pair.First)) - 1)), 0, 0.004);

        // Predicted losses are squares.
        double Cost(ProfiledOption option) => isPaper ? option.Errors.Weight : Math.Sqrt(option.Errors.Loss!.Value);
    }

    [Fact]
    public void Errors_that_are_not_smooth_are_all_evaluated()
    {
        using LinearProblem problem = LinearProblem.Create(3, DIn, DOut, 2000);
        using var factorizer = new DictionaryFactorizer(problem.Weight, problem.Gram, problem.Tokens, TensorType.F32, "linear");
        DictionaryOption[] options = [.. OptionGrid.Paper.DictionariesOf(DIn, DOut)];

        (FactorizationErrors Errors, bool IsRead)[] surveyed = [.. DictionarySurvey.Run(options, Jagged, () => factorizer.Outlines)];

        Assert.DoesNotContain(surveyed, one => one.IsRead);
        Assert.Equal(options.Select(option => Jagged(option.K, option.S)), surveyed.Select(one => one.Errors));

        FactorizationErrors Jagged(int k, int s)
        {
            FactorizationErrors smooth = factorizer.Evaluate(k, s);
            return smooth with { Weight = smooth.Weight * (1 + (0.2 * (k * 7919 % 13 / 13.0))) };
        }
    }

    [Fact]
    public void A_weight_that_nothing_is_lost_of_is_no_surface()
    {
        using LinearProblem problem = LinearProblem.Create(3, 64, 48, 300);
        using var factorizer = new DictionaryFactorizer(problem.Weight, problem.Gram, problem.Tokens, TensorType.F32, "linear");
        DictionaryOption[] options = [.. OptionGrid.Paper.DictionariesOf(64, 48)];

        Assert.All(DictionarySurvey.Run(options, (_, _) => default, () => factorizer.Outlines), one => Assert.Equal((default, false), one));
        DictionaryOption[] ranks = [.. Enumerable.Range(1, 48).Select(k => new DictionaryOption(0.1, 1, k, k))];
        Assert.Equal(48, DictionarySurvey.Run(ranks, (k, s) => factorizer.Evaluate(k, s), () => factorizer.Outlines).Count());
    }

    [Fact]
    public void Where_there_are_few_all_are_evaluated_each_once()
    {
        var asked = new List<(int, int)>();
        DictionaryOption[] options = [new(0.5, 1, 8, 8), new(0.5, 2, 10, 5), new(0.51, 2, 10, 5)];

        (FactorizationErrors Errors, bool IsRead)[] surveyed = [.. DictionarySurvey.Run(options, Evaluate, () => throw new InvalidOperationException("Nobody asks for outlines."))];

        Assert.Equal([(8, 8), (10, 5)], asked);
        Assert.All(surveyed, one => Assert.False(one.IsRead));

        FactorizationErrors Evaluate(int k, int s)
        {
            asked.Add((k, s));
            return new FactorizationErrors(k, s);
        }
    }
}
