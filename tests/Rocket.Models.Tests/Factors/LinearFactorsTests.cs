using System.Runtime.InteropServices;
using CsCheck;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Models.Tests.Factors;

public sealed class LinearFactorsTests
{
    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16];

    // Rows between empty and full; values that every type holds exactly.
    private static readonly Gen<(int K, TensorType Type, float[] Coefficients)> Matrices =
        from k in Gen.Int[1, 40]
        from dOut in Gen.Int[1, 12]
        from type in Gen.Int[0, 2].Select(i => Types[i])
        from rows in RowOf(k).Array[dOut]
        select (k, type, rows.SelectMany(row => row).ToArray());

    [Fact]
    public void Packing_and_expanding_give_the_coefficients_back() => Matrices.Sample(matrix =>
    {
        int dOut = matrix.Coefficients.Length / matrix.K;
        LinearFactors factors = LinearFactors.Pack(matrix.Coefficients, [], matrix.K, dOut, matrix.K, matrix.Type);
        float[] expanded = new float[matrix.Coefficients.Length];
        Array.Fill(expanded, float.NaN);
        factors.Expand(expanded);
        Assert.Equal(matrix.Coefficients, expanded);
        Assert.Equal(matrix.Coefficients.Count(value => value != 0), factors.Info.NonZeros);
        Assert.Equal(factors.Info.NonZeros, LinearFactors.CountStored(factors.Mask.Span));
        Assert.False(LinearFactors.HasPadding(factors.Mask.Span, matrix.K));
        Assert.Equal(factors.Info.ByteLength, factors.Mask.Length + factors.Values.Length);
    });

    [Fact]
    public void Rows_have_the_coefficients_of_these_rows_and_the_same_dictionary() => Gen.Select(Matrices, Gen.Int[0, 11], Gen.Int[0, 11]).Sample((matrix, a, b) =>
    {
        int dOut = matrix.Coefficients.Length / matrix.K;
        (int first, int last) = (Math.Min(a, b) % dOut, Math.Max(a, b) % dOut);
        int rows = Math.Abs(last - first) + 1;
        first = Math.Min(first, last);
        byte[] dictionary = new byte[matrix.K * 3 * matrix.Type.ByteSize()];
        LinearFactors factors = LinearFactors.Pack(matrix.Coefficients, dictionary, 3, dOut, matrix.K, matrix.Type).Rows(first, rows);
        float[] expanded = new float[rows * matrix.K];
        factors.Expand(expanded);
        Assert.Equal(matrix.Coefficients.Skip(first * matrix.K).Take(rows * matrix.K), expanded);
        Assert.Equal(expanded.Count(value => value != 0), factors.Info.NonZeros);
        Assert.Equal(factors.Info.ByteLength, factors.Dictionary.Length + factors.Mask.Length + factors.Values.Length);
    });

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    public void Rows_that_the_weight_does_not_have_are_refused(int first, int rows)
        => Assert.Throws<ArgumentOutOfRangeException>(() => LinearFactors.Pack(new float[6], [], 2, 3, 2, TensorType.F32).Rows(first, rows));

    [Fact]
    public void Bit_i_of_row_j_marks_a_coefficient_and_values_lie_row_by_row()
    {
        float[] coefficients = new float[2 * 10];
        (coefficients[0], coefficients[9], coefficients[10 + 3]) = (1, 2, 3);
        LinearFactors factors = LinearFactors.Pack(coefficients, [], 10, 2, 10, TensorType.F32);
        Assert.Equal([0b1, 0b10, 0b1000, 0], factors.Mask.ToArray());
        Assert.Equal([1, 2, 3], MemoryMarshal.Cast<byte, float>(factors.Values.Span).ToArray());
        Assert.Equal(LinearForm.Sparse, factors.Info.Form);
    }

    [Fact]
    public void The_sizes_of_the_tensors_are_those_of_the_bytes()
    {
        LinearFactors factors = LinearFactors.Pack(new float[3 * 9], new byte[9 * 4 * 2], 4, 3, 9, TensorType.BF16);
        Assert.Equal(LinearForm.Dictionary, factors.Info.Form);
        Assert.Equal([9 * 4 * 2, 3 * 2, 0], factors.Info.Tensors("l").Select(tensor => tensor.ByteLength));
        Assert.Equal(factors.Info.ByteLength, factors.Info.Tensors("l").Sum(tensor => tensor.ByteLength));
        Assert.Equal(9 * 4, factors.Info.Parameters);
    }

    [Fact]
    public void Parts_whose_sizes_do_not_agree_are_refused()
    {
        var info = new FactoredLinear(LinearForm.Dictionary, 4, 3, 2, 5, TensorType.F32);
        byte[] dictionary = new byte[2 * 4 * 4];
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFactors(info, dictionary, new byte[4], new byte[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFactors(info, dictionary, new byte[3], new byte[19]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFactors(info, [], new byte[3], new byte[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFactors(info, dictionary, new byte[3], new byte[20]).Expand(new float[5]));
    }

    [Theory]
    [InlineData(3, new byte[] { 7, 7 }, false)]
    [InlineData(3, new byte[] { 7, 8 }, true)]
    [InlineData(3, new byte[] { 0x80, 0 }, true)]
    [InlineData(8, new byte[] { 0xff, 0xff }, false)]
    [InlineData(9, new byte[] { 0xff, 1, 0xff, 1 }, false)]
    [InlineData(9, new byte[] { 0xff, 1, 0xff, 2 }, true)]
    public void Bits_behind_the_last_coefficient_are_found(int k, byte[] mask, bool expected) => Assert.Equal(expected, LinearFactors.HasPadding(mask, k));

    private static Gen<float[]> RowOf(int k) => Gen.Select(Gen.Int[-64, 64].Array[k], Gen.Int[0, 3], (values, kind) => values.Select(value => kind switch
    {
        0 => 0f,
        1 => (value == 0 ? 1 : value) / 16f,
        _ => value % 2 == 0 ? value / 16f : 0f,
    }).ToArray());
}
