using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX2 and FMA: stored values are moved to their columns by byte shuffles from a table.</summary>
internal sealed unsafe class Avx2Kernels : VectorKernels
{
    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count;

    /// <inheritdoc/>
    public override string Name => "AVX2";

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        if (matrix.Type == TensorType.F32)
        {
            base.Multiply(matrix, firstRow, rows, x, y);
            return;
        }

        byte* scratch = stackalloc byte[Vector128<byte>.Count];
        byte* table = ExpansionTable.Pointer;
        byte* end = matrix.End;
        int stride = matrix.Stride;
        bool isHalf = matrix.Type == TensorType.F16;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            Vector256<float> sum0 = default, sum1 = default;
            for (int i = 0; i < stride; i++)
            {
                Vector128<byte> packed = Vector128.Load(ExpansionTable.Readable(values, end, scratch));
                Vector128<ushort> spread = Ssse3.Shuffle(packed, Vector128.Load(table + (mask[i] * 16))).AsUInt16();
                Vector256<uint> wide = Avx2.ConvertToVector256Int32(spread).AsUInt32();
                Vector256<float> weights = isHalf ? FromHalf(wide) : (wide << 16).AsSingle();
                (sum0, sum1) = (sum1, Fma.MultiplyAdd(weights, Vector256.Load(x + (8 * i)), sum0));
                values += 2 * BitOperations.PopCount(mask[i]);
            }

            y[row] = Vector256.Sum(sum0 + sum1);
        }
    }

    /// <inheritdoc/>
    public override void MultiplyPanel(float* a, nint aStride, int rows, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        int r = 0;
        for (; r + 6 <= rows; r += 6)
        {
            MultiplySix(a + (r * aStride), aStride, panel, depth, c + (r * cStride), cStride, accumulate);
        }

        base.MultiplyPanel(a + (r * aStride), aStride, rows - r, panel, depth, c + (r * cStride), cStride, accumulate);
    }

    private static Vector256<float> FromHalf(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<uint> finite = (magnitude.AsSingle() * Vector256.Create(HalfBits.Rebias)).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(HalfBits.FirstSpecial));
        Vector256<uint> value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(HalfBits.Exponent), finite);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    private static void MultiplySix(float* a, nint aStride, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector256<float> b0 = Vector256.Load(panel);
            Vector256<float> b1 = Vector256.Load(panel + 8);
            panel += 16;
            Vector256<float> value = Vector256.Create(a[i]);
            s00 = Fma.MultiplyAdd(value, b0, s00);
            s01 = Fma.MultiplyAdd(value, b1, s01);
            value = Vector256.Create(a[aStride + i]);
            s10 = Fma.MultiplyAdd(value, b0, s10);
            s11 = Fma.MultiplyAdd(value, b1, s11);
            value = Vector256.Create(a[(2 * aStride) + i]);
            s20 = Fma.MultiplyAdd(value, b0, s20);
            s21 = Fma.MultiplyAdd(value, b1, s21);
            value = Vector256.Create(a[(3 * aStride) + i]);
            s30 = Fma.MultiplyAdd(value, b0, s30);
            s31 = Fma.MultiplyAdd(value, b1, s31);
            value = Vector256.Create(a[(4 * aStride) + i]);
            s40 = Fma.MultiplyAdd(value, b0, s40);
            s41 = Fma.MultiplyAdd(value, b1, s41);
            value = Vector256.Create(a[(5 * aStride) + i]);
            s50 = Fma.MultiplyAdd(value, b0, s50);
            s51 = Fma.MultiplyAdd(value, b1, s51);
        }

        Store(c, s00, s01, accumulate);
        Store(c + cStride, s10, s11, accumulate);
        Store(c + (2 * cStride), s20, s21, accumulate);
        Store(c + (3 * cStride), s30, s31, accumulate);
        Store(c + (4 * cStride), s40, s41, accumulate);
        Store(c + (5 * cStride), s50, s51, accumulate);
    }

    private static void Store(float* c, Vector256<float> first, Vector256<float> second, bool accumulate)
    {
        if (accumulate)
        {
            first += Vector256.Load(c);
            second += Vector256.Load(c + 8);
        }

        first.Store(c);
        second.Store(c + 8);
    }
}
