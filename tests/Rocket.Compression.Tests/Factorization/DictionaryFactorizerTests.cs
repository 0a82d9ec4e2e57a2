using CsCheck;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class DictionaryFactorizerTests
{
    private const string Wide = "wide";
    private const string Tall = "tall";
    private const string Square = "square";
    private const string Dead = "dead features";
    private const string DeadTall = "dead features, tall";
    private const string Deficient = "rank-deficient Gram matrix";
    private const string Outlier = "outlier of 300";

    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16];

    public static TheoryData<string> Shapes() => [Wide, Tall, Square, Dead, DeadTall, Deficient, Outlier];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_chooses_and_errs_as_the_plain_computation_does(string shape)
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 14], Gen.Double[1, 3]).Sample(
            (seed, k, rho) => AgreesWithTheReference(shape, seed, k, rho), iter: 12, threads: 1);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_errors_it_tells_are_those_of_the_stored_factors(string shape)
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 14], Gen.Double[1, 3], Gen.Int[0, 2].Select(i => Types[i])).Sample(
            (seed, k, rho, type) => TellsTheStoredErrors(Create(shape, seed), k, SOf(k, rho), type), iter: 12, threads: 1);

    [Theory]
    [InlineData(TensorType.F32, 0.003)]
    [InlineData(TensorType.F16, 0.003)]
    [InlineData(TensorType.F16, 0)]
    [InlineData(TensorType.BF16, 0.003)]
    [InlineData(TensorType.BF16, 0)]
    public void Tiny_errors_are_those_of_the_stored_factors(TensorType type, double noise)
    {
        TellsTheStoredErrors(LinearProblem.Create(3, 40, 30, 200, rank: 8, noise: noise), 8, 8, type);
        TellsTheStoredErrors(LinearProblem.Create(4, 30, 40, 200, outlier: 300, rank: 8, noise: noise), 8, 8, type);
    }

    [Fact]
    public void All_atoms_with_all_coefficients_reproduce_the_weight()
    {
        using LinearProblem problem = LinearProblem.Create(5, 24, 32, 100);
        (LinearFactors factors, FactorizationErrors errors) = Factorize(problem, 24, 24, TensorType.F32);
        FactorizationErrors stored = StoredErrors.Of(factors, problem, 0);
        Assert.InRange(Math.Max(errors.Whitened, errors.Weight), 0, 1e-5);
        Assert.InRange(Math.Max(stored.Whitened, stored.Weight), 0, 1e-5);
    }

    [Fact]
    public void Used_atoms_have_unit_norm()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(6, 32, 24, 100, dead: [2, 9]);
        LinearFactors factors = Factorize(problem, 12, 5, TensorType.F32).Factors;
        Tensor norms = StoredErrors.Dictionary(factors).Squared().sum(1).sqrt();
        Assert.Equal(0, (norms - ones_like(norms)).abs().max().Value<double>(), 1e-6);
    }

    [Fact]
    public void Rounding_to_bfloat16_does_not_change_the_choice()
    {
        using LinearProblem problem = LinearProblem.Create(7, 32, 40, 100);
        Assert.Equal(Factorize(problem, 14, 6, TensorType.F32).Factors.Mask.ToArray(), Factorize(problem, 14, 6, TensorType.BF16).Factors.Mask.ToArray());
    }

    [Fact]
    public void Evaluating_and_factorizing_tell_the_same_bits_again_and_again()
    {
        using LinearProblem problem = LinearProblem.Create(8, 32, 40, 100);
        using Tensor weight = problem.Weight.to_type(ScalarType.Float32);
        using var factorizer = new DictionaryFactorizer(weight, problem.Gram, problem.Tokens, TensorType.BF16, "linear");
        FactorizationErrors first = factorizer.Evaluate(9, 4);
        factorizer.Evaluate(20, 11);
        (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(9, 4);
        Assert.Equal(first, errors);
        Assert.Equal(factors.Values.ToArray(), factorizer.Factorize(9, 4).Factors.Values.ToArray());
    }

    [Fact]
    public void A_linear_that_no_token_reached_becomes_zero()
    {
        using LinearProblem problem = LinearProblem.Create(9, 8, 6, 20, dead: [0, 1, 2, 3, 4, 5, 6, 7]);
        (LinearFactors factors, FactorizationErrors errors) = Factorize(problem, 3, 2, TensorType.F32);
        Assert.Equal(new FactorizationErrors(0, 1), errors);
        using Tensor product = StoredErrors.MultiplyOut(factors);
        Assert.Equal(0, product.abs().max().Value<double>());
    }

    [Fact]
    public void A_weight_of_zeros_has_no_error()
    {
        using LinearProblem problem = LinearProblem.Create(10, 8, 6, 20);
        problem.Weight.zero_();
        Assert.Equal(default, Factorize(problem, 3, 2, TensorType.F32).Errors);
    }

    private static void AgreesWithTheReference(string shape, int seed, int k, double rho)
    {
        using LinearProblem problem = Create(shape, seed);
        int s = SOf(k, rho);
        double lambda = Lambda(problem);
        ReferenceFactorization reference = ReferenceFactorization.Compute(problem, lambda, k, s);
        (LinearFactors factors, FactorizationErrors errors) = Factorize(problem, k, s, TensorType.F32);

        float[] coefficients = new float[factors.Info.DOut * k];
        factors.Expand(coefficients);
        int different = coefficients.Zip(reference.Selected, (value, kept) => value != 0 != kept).Count(differs => differs);
        Assert.True(different <= 2, $"{shape}, seed {seed}: {different} of {coefficients.Length} choices differ.");
        AssertClose(reference.WhitenedError, errors.Whitened, 1e-4);
        AssertClose(reference.WeightError, errors.Weight, 1e-4);
        if (different == 0)
        {
            using Tensor product = StoredErrors.MultiplyOut(factors);
            double largest = reference.Approximation.Max(Math.Abs);
            double[] found = product.Elements<double>().ToArray();
            Assert.InRange(found.Zip(reference.Approximation, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-4 * largest);
        }
    }

    private static void TellsTheStoredErrors(LinearProblem problem, int k, int s, TensorType type)
    {
        using (problem)
        {
            (LinearFactors factors, FactorizationErrors errors) = Factorize(problem, k, s, type);
            FactorizationErrors stored = StoredErrors.Of(factors, problem, Lambda(problem));
            AssertClose(stored.Whitened, errors.Whitened, 1e-3);
            AssertClose(stored.Weight, errors.Weight, 1e-3);
        }
    }

    private static void AssertClose(double expected, double found, double relative)
        => Assert.True(Math.Abs(expected - found) <= relative * expected, $"{found:g6} instead of {expected:g6}, off by {Math.Abs(expected - found) / expected:g3}.");

    private static double Lambda(LinearProblem problem)
    {
        using Whitening whitening = Whitening.Compute(problem.Gram, problem.Tokens);
        return whitening.Lambda;
    }

    private static (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearProblem problem, int k, int s, TensorType type)
    {
        using Tensor weight = problem.Weight.to_type(ScalarType.Float32);
        using var factorizer = new DictionaryFactorizer(weight, problem.Gram, problem.Tokens, type, "linear");
        return factorizer.Factorize(k, s);
    }

    private static int SOf(int k, double rho) => Math.Max(1, (int)(k / rho));

    private static LinearProblem Create(string shape, int seed) => shape switch
    {
        Wide => LinearProblem.Create(seed, 16, 36, 100),
        Tall => LinearProblem.Create(seed, 36, 16, 100),
        Square => LinearProblem.Create(seed, 24, 24, 100),
        Dead => LinearProblem.Create(seed, 20, 30, 100, dead: [0, 7, 19]),
        DeadTall => LinearProblem.Create(seed, 30, 20, 100, dead: [0, 7, 29]),
        Deficient => LinearProblem.Create(seed, 24, 18, 18),
        _ => LinearProblem.Create(seed, 24, 28, 100, outlier: 300),
    };
}
