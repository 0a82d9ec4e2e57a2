using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

public sealed class SequentialCorrectionTests
{
    private const int DIn = 12;
    private const int DOut = 7;
    private const int Tokens = 400;

    [Fact]
    public void A_linear_whose_inputs_are_those_of_the_dense_model_stays_as_it_is()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Inputs(seed: 1);
        Tensor weight = Weight();
        Tensor corrected = SequentialCorrection.Correct(weight, x.t().mm(x), x.t().mm(x));
        Assert.True((corrected - weight).abs().max().Value<float>() < 1e-5f);
    }

    [Fact]
    public void No_change_of_the_corrected_weight_lowers_what_it_minimises()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Inputs(seed: 1);
        Tensor shifted = x.Plus(Inputs(seed: 2).Times(0.3));
        Tensor weight = Weight();
        Tensor gram = shifted.t().mm(shifted);
        Tensor corrected = SequentialCorrection.Correct(weight, gram, x.t().mm(shifted)).to_type(ScalarType.Float64);
        double ridge = gram.diagonal().mean().Value<double>();

        // d/dW' of ||X W^T - X' W'^T||^2 + r ||W' - W||^2 is zero there, and far from it at W.
        Assert.True(Gradient(corrected).abs().max().Value<double>() < 1e-4 * Gradient(weight.to_type(ScalarType.Float64)).abs().max().Value<double>());
        Assert.True(Error(corrected) < Error(weight.to_type(ScalarType.Float64)));

        Tensor Gradient(Tensor w) => (w.mm(shifted.t()) - weight.to_type(ScalarType.Float64).mm(x.t())).mm(shifted).Plus((w - weight.to_type(ScalarType.Float64)).Times(ridge));
        double Error(Tensor w) => (x.mm(weight.to_type(ScalarType.Float64).t()) - shifted.mm(w.t())).Squared().sum().Value<double>();
    }

    [Fact]
    public void Inputs_that_are_all_zero_correct_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor nothing = zeros(DIn, DIn, ScalarType.Float64);
        Tensor weight = Weight();
        Assert.Equal(0, (SequentialCorrection.Correct(weight, nothing, nothing) - weight).abs().max().Value<float>());
    }

    private static Tensor Inputs(ulong seed) => randn(Tokens, DIn, ScalarType.Float64, generator: new Generator(seed));

    private static Tensor Weight() => randn(DOut, DIn, ScalarType.Float32, generator: new Generator(9));
}
