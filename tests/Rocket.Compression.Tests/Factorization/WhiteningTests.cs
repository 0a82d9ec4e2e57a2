using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class WhiteningTests
{
    [Fact]
    public void A_positive_definite_matrix_is_not_shifted()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(1, 20, 4, 60);
        using Whitening whitening = Whitening.Compute(problem.Gram, 60);
        Assert.Equal(0, whitening.Lambda);
        Assert.Equal(20, whitening.LiveCount);
        AssertFactors(whitening, problem.Gram);
        Assert.Equal(0, whitening.Factor.tril(-1).abs().max().Value<double>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    public void A_singular_matrix_is_shifted_in_proportion_to_the_tokens(int tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gram = ones([3, 3], ScalarType.Float64);
        double smallest = linalg.eigvalsh(gram)[0].Value<double>();
        using Whitening whitening = Whitening.Compute(gram, tokens);
        Assert.Equal(Math.Max(-smallest, 0) + (7e-6 * tokens), whitening.Lambda, 1e-15 * tokens);
        AssertFactors(whitening, whitening.Regularize(gram));
    }

    [Fact]
    public void A_given_shift_is_taken()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gram = eye(3, dtype: ScalarType.Float64);
        using Whitening whitening = Whitening.Compute(gram, 1, lambda: 0.5);
        Assert.Equal(0.5, whitening.Lambda);
        AssertFactors(whitening, gram.Times(1.5));
    }

    [Fact]
    public void Dead_features_are_left_out_and_the_rest_factors_as_it_would_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(2, 12, 4, 60, dead: [0, 5, 11]);
        using Whitening whitening = Whitening.Compute(problem.Gram, 60);
        Tensor live = tensor(new long[] { 1, 2, 3, 4, 6, 7, 8, 9, 10 });
        Tensor alone = linalg.cholesky(problem.Gram.index_select(0, live).index_select(1, live)).t();
        Assert.Equal(9, whitening.LiveCount);
        Assert.Equal(0, (whitening.Factor.index_select(0, live).index_select(1, live) - alone).abs().max().Value<double>(), 1e-12);
        Assert.Equal(0, whitening.Factor[0].abs().max().Value<double>());
        Assert.Equal(0, whitening.Factor.t()[5].abs().max().Value<double>());
        AssertFactors(whitening, problem.Gram);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_Gram_matrix_is_refused_by_name(double value)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gram = eye(4, dtype: ScalarType.Float64);
        gram.Elements<double>()[5] = value;
        AssertRefused(gram);
    }

    [Fact]
    public void An_indefinite_matrix_with_a_positive_diagonal_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        AssertRefused(ones([3, 3], ScalarType.Float64).Times(2) - eye(3, dtype: ScalarType.Float64));
    }

    [Fact]
    public void NaN_beside_the_diagonal_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gram = eye(4, dtype: ScalarType.Float64);
        gram.Elements<double>()[4] = double.NaN;
        gram.Elements<double>()[1] = double.NaN;
        AssertRefused(gram);
    }

    private static void AssertRefused(Tensor gram)
    {
        RocketException error = Assert.Throws<RocketException>(() => Whitening.Compute(gram, 10, name: "layers.3.q_proj"));
        Assert.Equal("RKT3010", error.Code);
        Assert.Contains("layers.3.q_proj", error.Message, StringComparison.Ordinal);
    }

    private static void AssertFactors(Whitening whitening, Tensor gram)
        => Assert.Equal(0, (whitening.Factor.t().mm(whitening.Factor) - gram).abs().max().Value<double>() / gram.abs().max().Value<double>(), 1e-12);
}
