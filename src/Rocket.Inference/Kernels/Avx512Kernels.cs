using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX-512 with VBMI2: one instruction moves stored values to their columns while it loads them.</summary>
internal sealed unsafe partial class Avx512Kernels : VectorKernels
{
    private const int Width = 64;
    private const int RowsAtOnce = 4;

    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512Vbmi2.IsSupported && Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override string Name => "AVX-512";

    /// <inheritdoc/>
    public override int PanelWidth => Width;

    /// <inheritdoc/>
    protected override bool SplitsPairs => true;

    /// <inheritdoc/>
    public override void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplyDense<F32Elements512>(matrix, firstRow, rows, x, y);
                break;
            case TensorType.F16:
                MultiplyDense<F16Elements512>(matrix, firstRow, rows, x, y);
                break;
            default:
                MultiplyDense<BF16Elements512>(matrix, firstRow, rows, x, y);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplySparse<F32Elements512>(matrix, firstRow, rows, x, y);
                break;
            case TensorType.F16:
                MultiplySparse<F16Elements512>(matrix, firstRow, rows, x, y);
                break;
            default:
                MultiplySparse<BF16Elements512>(matrix, firstRow, rows, x, y);
                break;
        }
    }

    /// <inheritdoc/>
    public override byte* Expand(in SparseRows matrix, int row, int column, int count, byte* values, float* target) => matrix.Type switch
    {
        TensorType.F32 => ExpandRow<F32Elements512>(matrix, row, column, count, values, target),
        TensorType.F16 => ExpandRow<F16Elements512>(matrix, row, column, count, values, target),
        _ => ExpandRow<BF16Elements512>(matrix, row, column, count, values, target),
    };

    private static byte* ExpandRow<T>(in SparseRows matrix, int row, int column, int count, byte* values, float* target)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        int whole = count / Block * Block;
        for (int i = 0; i < whole; i += Block)
        {
            uint bits = SparseRows.Word(mask, (column + i) / Block, matrix.Stride);
            T.ExpandInOrder(values, bits & 0xFFFF).Store(target + i);
            values += T.Size * BitOperations.PopCount(bits & 0xFFFF);
            T.ExpandInOrder(values, bits >> 16).Store(target + i + 16);
            values += T.Size * BitOperations.PopCount(bits >> 16);
        }

        return whole == count ? values : ScalarKernels.ExpandBits(matrix, row, column + whole, count - whole, values, target + whole);
    }

    private static void MultiplyDense<T>(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int row = firstRow;
        int last = firstRow + rows;
        int columns = matrix.Columns;
        nint stride = (nint)columns * T.Size;
        for (; row + RowsAtOnce <= last; row += RowsAtOnce)
        {
            byte* a = matrix.Row(row);
            byte* b = a + stride;
            byte* c = b + stride;
            byte* d = c + stride;
            Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            int i = 0;
            for (; i + Block <= columns; i += Block)
            {
                Vector512<float> x0 = Vector512.Load(x + i);
                Vector512<float> x1 = Vector512.Load(x + i + 16);
                Accumulate<T>(a + (i * T.Size), x0, x1, ref a0, ref a1);
                Accumulate<T>(b + (i * T.Size), x0, x1, ref b0, ref b1);
                Accumulate<T>(c + (i * T.Size), x0, x1, ref c0, ref c1);
                Accumulate<T>(d + (i * T.Size), x0, x1, ref d0, ref d1);
            }

            if (i < columns)
            {
                AccumulateRest<T>(a, i, columns, x, ref a0, ref a1);
                AccumulateRest<T>(b, i, columns, x, ref b0, ref b1);
                AccumulateRest<T>(c, i, columns, x, ref c0, ref c1);
                AccumulateRest<T>(d, i, columns, x, ref d0, ref d1);
            }

            y[row] = Vector512.Sum(a0 + a1);
            y[row + 1] = Vector512.Sum(b0 + b1);
            y[row + 2] = Vector512.Sum(c0 + c1);
            y[row + 3] = Vector512.Sum(d0 + d1);
        }

        for (; row < last; row++)
        {
            byte* a = matrix.Row(row);
            Vector512<float> a0 = default, a1 = default;
            int i = 0;
            for (; i + Block <= columns; i += Block)
            {
                Accumulate<T>(a + (i * T.Size), Vector512.Load(x + i), Vector512.Load(x + i + 16), ref a0, ref a1);
            }

            if (i < columns)
            {
                AccumulateRest<T>(a, i, columns, x, ref a0, ref a1);
            }

            y[row] = Vector512.Sum(a0 + a1);
        }
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int stride = matrix.Stride;
        int words = stride / sizeof(uint);
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            Vector512<float> sum0 = default, sum1 = default;
            for (int word = 0; word < words; word++)
            {
                AccumulateSparse<T>(((uint*)mask)[word], x + (word * Block), ref values, ref sum0, ref sum1);
            }

            if (words * sizeof(uint) < stride)
            {
                AccumulateSparse<T>(SparseRows.Word(mask, words, stride), x + (words * Block), ref values, ref sum0, ref sum1);
            }

            y[row] = Vector512.Sum(sum0 + sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateSparse<T>(uint bits, float* x, ref byte* values, ref Vector512<float> sum0, ref Vector512<float> sum1)
        where T : struct, IElements512
    {
        T.Expand(values, bits, out Vector512<float> first, out Vector512<float> second);
        values += T.Size * BitOperations.PopCount(bits);
        sum0 = Vector512.FusedMultiplyAdd(first, Vector512.Load(x), sum0);
        sum1 = Vector512.FusedMultiplyAdd(second, Vector512.Load(x + 16), sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(byte* weights, Vector512<float> x0, Vector512<float> x1, ref Vector512<float> sum0, ref Vector512<float> sum1)
        where T : struct, IElements512
    {
        T.Load(weights, out Vector512<float> first, out Vector512<float> second);
        sum0 = Vector512.FusedMultiplyAdd(first, x0, sum0);
        sum1 = Vector512.FusedMultiplyAdd(second, x1, sum1);
    }

    // Fewer than 32 elements: as if the missing ones were not stored.
    private static void AccumulateRest<T>(byte* row, int first, int columns, float* x, ref Vector512<float> sum0, ref Vector512<float> sum1)
        where T : struct, IElements512
    {
        T.Expand(row + (first * T.Size), (1u << (columns - first)) - 1, out Vector512<float> even, out Vector512<float> odd);
        sum0 = Vector512.FusedMultiplyAdd(even, Vector512.Load(x + first), sum0);
        sum1 = Vector512.FusedMultiplyAdd(odd, Vector512.Load(x + first + 16), sum1);
    }
}
