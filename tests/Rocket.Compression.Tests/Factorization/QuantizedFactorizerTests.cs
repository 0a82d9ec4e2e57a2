using CsCheck;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;
using static Rocket.Compression.Tests.Factorization.WeighedProblem;

namespace Rocket.Compression.Tests.Factorization;

public sealed class QuantizedFactorizerTests
{
    private static readonly Gen<Quantization> Quantizations =
        from bits in Gen.Int[0, Quantization.KnownBits.Length - 1].Select(i => Quantization.KnownBits[i])
        from size in Gen.Int[0, Quantization.KnownGroupSizes.Length - 1].Select(i => Quantization.KnownGroupSizes[i])
        select new Quantization(bits, size);

    [Fact]
    public void What_is_stored_loses_what_is_told_in_every_form()
    {
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[2, 150], Gen.Int[2, 60], Gen.Int[0, 2], Quantizations).Sample((seed, dIn, dOut, form, quantization) =>
        {
            using DisposeScope scope = NewDisposeScope();
            using LinearProblem problem = LinearProblem.Create(seed, dIn + 1, dOut, (2 * dIn) + 20);
            using var factorizer = new LinearFactorizer(Statistics(problem, TensorType.BF16, out double[] b));
            int k = Math.Max(1, Math.Min(problem.DIn, dOut) / 2);
            LinearOption option = form switch
            {
                0 => new DenseOption { Quantization = quantization },
                1 => new SparseOption(0.5, (long)problem.DIn * dOut / 2) { Quantization = quantization },
                _ => new DictionaryOption(0.5, 2, k, Math.Max(1, k / 2)) { Quantization = quantization },
            };

            (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(option);

            Assert.Equal(option.Layout(problem.DIn, dOut, TensorType.BF16) with { NonZeros = factors.Info.NonZeros }, factors.Info);
            Assert.InRange(factors.Info.NonZeros, 0, option.Parameters(problem.DIn, dOut));
            Assert.Equal(errors, factorizer.Evaluate(option));
            using Tensor product = WeightLoader.MultiplyOut(factors);
            Assert.Equal(Loss(problem, b, product.to_type(ScalarType.Float64)), errors.Loss!.Value, (2e-3 * errors.Loss.Value) + 1e-9);
        }, iter: 80);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Carrying_errors_on_beats_the_nearest_codes_and_every_sweep_lowers_the_loss_further(int bits)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(7, 192, 96, 1000, outlier: 20);
        using LinearStatistics statistics = Statistics(problem, TensorType.F32, out double[] b);
        using InverseGram inverse = InverseGram.Of(statistics);
        Tensor gram = statistics.Gram.to_type(ScalarType.Float32);
        var quantization = new Quantization(bits, 64);

        QuantizedMatrix codes = new ColumnQuantizer(inverse).Run(statistics.Weight, [], quantization);
        double carried = LossOf(codes);
        Assert.True(carried < 0.8 * LossOf(QuantizedDictionary.Nearest(statistics.Weight, quantization)));
        double last = carried;
        for (int sweep = 0; sweep < 3; sweep++)
        {
            QuantizedDescent.Run(codes, [], (statistics.Weight - QuantizedFactorizer.Values(codes, [])).mm(gram), gram, 1);
            Assert.True(LossOf(codes) < last);
            last = LossOf(codes);
        }

        Assert.True(last < 0.95 * carried);

        double LossOf(QuantizedMatrix matrix) => Loss(problem, b, QuantizedFactorizer.Values(matrix, []).to_type(ScalarType.Float64));
    }

    [Fact]
    public void Descent_never_raises_the_loss_and_leaves_alone_what_is_not_stored()
    {
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[2, 140], Gen.Int[1, 20], Quantizations, Gen.Double[0, 1]).Sample((seed, dIn, dOut, quantization, share) =>
        {
            using DisposeScope scope = NewDisposeScope();
            using LinearProblem problem = LinearProblem.Create(seed, dIn + 1, dOut, 3 * dIn + 20);
            using LinearStatistics statistics = Statistics(problem, TensorType.F32, out double[] b);
            Tensor gram = statistics.Gram.to_type(ScalarType.Float32);
            var random = new Random(seed);
            bool[] kept = [.. Enumerable.Range(0, problem.DIn * dOut).Select(_ => random.NextDouble() < share)];
            QuantizedMatrix codes = QuantizedDictionary.Nearest(statistics.Weight, quantization);
            byte[] before = codes.Codes.ToArray();
            double start = LossOf();

            QuantizedDescent.Run(codes, kept, (statistics.Weight - QuantizedFactorizer.Values(codes, kept)).mm(gram), gram, 2);

            Assert.True(LossOf() <= start * (1 + 1e-4));
            Assert.All(Enumerable.Range(0, kept.Length).Where(i => !kept[i]), i => Assert.Equal(before[i], codes.Codes[i]));

            double LossOf() => Loss(problem, b, QuantizedFactorizer.Values(codes, kept).to_type(ScalarType.Float64));
        }, iter: 60);
    }

    [Fact]
    public void Eight_bits_lose_next_to_nothing_and_fewer_lose_more()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(11, 128, 64, 800);
        using var factorizer = new LinearFactorizer(Statistics(problem, TensorType.F32, out _));
        double[] errors = [.. Quantization.KnownBits.Select(bits => factorizer.Evaluate(new DenseOption { Quantization = new Quantization(bits, 64) }).Whitened)];
        Assert.True(errors[0] < 0.01);
        Assert.Equal(errors.Order(), errors);
    }

    [Fact]
    public void Dead_features_and_a_weight_of_zeros_give_no_NaN()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem dead = LinearProblem.Create(5, 70, 20, 300, dead: [0, 65]);
        using var factorizer = new LinearFactorizer(Statistics(dead, TensorType.F32, out _));
        Assert.True(double.IsFinite(factorizer.Evaluate(new DenseOption { Quantization = new Quantization(3, 32) }).Loss!.Value));

        using var ofNone = new LinearFactorizer(LinearStatistics.Create(zeros(20, 70), dead.Gram, dead.Tokens, dead.Tokens, null, TensorType.BF16, "zeros"));
        Assert.Equal(new FactorizationErrors(0, 0, 0), ofNone.Evaluate(new DenseOption { Quantization = new Quantization(3, 32) }));
    }
}
