using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;
using static Rocket.Compression.Tests.Factorization.WeighedProblem;

namespace Rocket.Compression.Tests.Factorization;

public sealed class RowTileTests
{
    public static TheoryData<int, int> Codes { get; } = [.. Quantization.KnownBits.SelectMany(bits => Quantization.KnownGroupSizes.Select(size => (bits, size)))];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Many_rows_at_once_get_the_bits_that_each_would_get_alone(int bits, int groupSize)
    {
        var quantization = new Quantization(bits, groupSize);
        foreach ((int dOut, int dIn) in new[] { (1, 2), (7, 33), (RowTile.Rows, 128), (RowTile.Rows + 1, 150), (70, 193), (33, 300) })
        {
            Compare(dOut, dIn, quantization, share: 1);
            Compare(dOut, dIn, quantization, share: 0.5);
            Compare(dOut, dIn, quantization, share: 0.02);
        }
    }

    private static void Compare(int dOut, int dIn, Quantization quantization, double share)
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(dIn, dIn, dOut, (2 * dIn) + 20, dead: dIn > 2 ? [0, dIn - 1] : []);

        // Rows without a value and rows so small that their scale is stored as 0.
        problem.Weight.narrow(0, 0, 1).zero_();
        problem.Weight.narrow(0, dOut / 2, 1).mul_(tensor(1e-9));
        using LinearStatistics statistics = Statistics(problem, TensorType.F32, out _);
        using InverseGram inverse = InverseGram.Of(statistics);
        Tensor gram = statistics.Gram.to_type(ScalarType.Float32);
        var random = new Random(dOut);
        bool[] kept = share == 1 ? [] : [.. Enumerable.Range(0, dIn * dOut).Select(_ => random.NextDouble() < share)];

        QuantizedMatrix codes = new ColumnQuantizer(inverse).Run(statistics.Weight, kept, quantization);
        QuantizedMatrix expected = RowwiseRounding.Quantize(inverse, statistics.Weight, kept, quantization);
        AssertEqual(expected, codes);

        Descend(codes, expected);
        Descend(QuantizedDictionary.Nearest(statistics.Weight, quantization), QuantizedDictionary.Nearest(statistics.Weight, quantization));

        void Descend(QuantizedMatrix descended, QuantizedMatrix oracle)
        {
            Tensor residual = (statistics.Weight - QuantizedFactorizer.Values(oracle, kept)).mm(gram);
            RowwiseRounding.Descend(oracle, kept, residual.clone(), gram, 3);
            QuantizedDescent.Run(descended, kept, residual, gram, 3);
            AssertEqual(oracle, descended);
        }
    }

    private static void AssertEqual(QuantizedMatrix expected, QuantizedMatrix actual)
    {
        Assert.Equal(expected.Codes, actual.Codes);
        Assert.Equal(expected.Scales.ToArray(), actual.Scales.ToArray());
        Assert.Equal(expected.Zeros, actual.Zeros);
    }
}
