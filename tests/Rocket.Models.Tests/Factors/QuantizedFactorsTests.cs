using CsCheck;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Models.Tests.Factors;

/// <summary>Factors whose values are integers: every width, group and form, and sizes that fill neither bytes nor groups.</summary>
public sealed class QuantizedFactorsTests
{
    private static readonly Gen<Quantization> Quantizations =
        from bits in Gen.Int[2, 8]
        from groups in Gen.Int[1, 16]
        select new Quantization(bits, 8 * groups);

    private static readonly Gen<(QuantizedMatrix Values, QuantizedMatrix? Dictionary, byte[] Mask)> Linears =
        from quantization in Quantizations
        from form in Gen.Enum<LinearForm>()
        from dOut in Gen.Int[1, 9]
        from k in Gen.Int[1, 200]
        from dIn in Gen.Int[1, 70]
        from density in Gen.Double[0, 1]
        from seed in Gen.Int
        let random = new Random(seed)
        select (Matrix(dOut, k, quantization, random), form == LinearForm.Dictionary ? Matrix(k, dIn, quantization, random) : null, form == LinearForm.Dense ? [] : MaskOf(dOut, k, density, random));

    [Fact]
    public void Packing_and_expanding_give_the_values_back() => Linears.Sample(linear =>
    {
        LinearFactors factors = LinearFactors.Pack(linear.Values, linear.Mask, linear.Dictionary, TensorType.BF16);
        Assert.Equal(Expected(linear.Values, linear.Mask), Expand(factors));
        Assert.Equal(factors.Info.ByteLength, factors.Info.Tensors("").Sum(tensor => factors.Part(tensor.Name).Length));
        if (linear.Dictionary is { } dictionary)
        {
            float[] atoms = new float[dictionary.Rows * dictionary.Columns];
            factors.ExpandDictionary(atoms);
            float[] expected = new float[atoms.Length];
            dictionary.Dequantize(expected);
            Assert.Equal(expected, atoms);
        }
    });

    [Fact]
    public void Rows_have_the_values_of_these_rows() => Gen.Select(Linears, Gen.Int[0, 8], Gen.Int[1, 9]).Sample((linear, a, n) =>
    {
        int first = a % linear.Values.Rows;
        int rows = Math.Min(n, linear.Values.Rows - first);
        LinearFactors factors = LinearFactors.Pack(linear.Values, linear.Mask, linear.Dictionary, TensorType.F32);
        int k = factors.Info.K;
        Assert.Equal(Expected(linear.Values, linear.Mask)[(first * k)..((first + rows) * k)], Expand(factors.Rows(first, rows)));
    });

    [Fact]
    public void Four_bits_in_groups_of_64_take_4_3125_bits_a_weight()
    {
        var info = new FactoredLinear(LinearForm.Dense, 576, 1536, 576, 576 * 1536, TensorType.BF16) { Quantization = new Quantization(4, 64) };
        Assert.Equal(4.3125, 8.0 * info.ByteLength / info.NonZeros);
    }

    [Fact]
    public void Parts_of_another_length_are_refused()
    {
        LinearFactors factors = LinearFactors.Pack(Matrix(3, 20, new Quantization(3, 8), new Random(1)), [], null, TensorType.BF16);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFactors(factors.Info, suffix => suffix == FactoredLinear.ZeroSuffix ? new byte[1] : factors.Part(suffix)));
    }

    private static float[] Expand(LinearFactors factors)
    {
        float[] expanded = new float[factors.Info.DOut * factors.Info.K];
        Array.Fill(expanded, float.NaN);
        factors.Expand(expanded);
        return expanded;
    }

    private static float[] Expected(QuantizedMatrix matrix, byte[] mask)
    {
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.Dequantize(values);
        int stride = FactoredLinear.MaskStride(matrix.Columns);
        return mask.Length == 0 ? values : [.. values.Select((value, i) => (mask[(i / matrix.Columns * stride) + (i % matrix.Columns / 8)] >> (i % matrix.Columns % 8) & 1) != 0 ? value : 0)];
    }

    private static QuantizedMatrix Matrix(int rows, int columns, Quantization quantization, Random random)
    {
        var matrix = new QuantizedMatrix(rows, columns, quantization);
        foreach (ref byte code in matrix.Codes)
        {
            code = (byte)random.Next(quantization.LargestCode + 1);
        }

        for (int i = 0; i < matrix.Scales.Length; i++)
        {
            matrix.Scales[i] = (Half)random.NextSingle();
            matrix.Zeros[i] = (byte)random.Next(quantization.LargestCode + 1);
        }

        return matrix;
    }

    private static byte[] MaskOf(int rows, int columns, double density, Random random)
    {
        int stride = FactoredLinear.MaskStride(columns);
        byte[] mask = new byte[rows * stride];
        for (int i = 0; i < rows * columns; i++)
        {
            mask[(i / columns * stride) + (i % columns / 8)] |= (byte)(random.NextDouble() < density ? 1 << (i % columns % 8) : 0);
        }

        return mask;
    }
}
