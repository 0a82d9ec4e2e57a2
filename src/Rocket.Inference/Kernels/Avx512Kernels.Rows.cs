using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <content>Products of rows with one input, four rows at once: one vector of sums a row, blocks in order, within a block first then second half.</content>
internal sealed unsafe partial class Avx512Kernels
{
    private static void MultiplyDense<T>(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int row = firstRow;
        int last = firstRow + rows;
        int columns = matrix.Columns;
        int whole = columns / Block * Block;
        uint rest = (1u << (columns - whole)) - 1;
        nint stride = (nint)columns * T.Size;
        for (; row + RowsAtOnce <= last; row += RowsAtOnce)
        {
            byte* a = matrix.Row(row);
            byte* b = a + stride;
            byte* c = b + stride;
            byte* d = c + stride;
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < whole; i += Block)
            {
                Vector512<float> x0 = Vector512.Load(x + i);
                Vector512<float> x1 = Vector512.Load(x + i + 16);
                sumA = Accumulate<T>(a + (i * T.Size), x0, x1, sumA);
                sumB = Accumulate<T>(b + (i * T.Size), x0, x1, sumB);
                sumC = Accumulate<T>(c + (i * T.Size), x0, x1, sumC);
                sumD = Accumulate<T>(d + (i * T.Size), x0, x1, sumD);
            }

            if (rest != 0)
            {
                sumA = AccumulateStored<T>(rest, x + whole, a + (whole * T.Size), sumA);
                sumB = AccumulateStored<T>(rest, x + whole, b + (whole * T.Size), sumB);
                sumC = AccumulateStored<T>(rest, x + whole, c + (whole * T.Size), sumC);
                sumD = AccumulateStored<T>(rest, x + whole, d + (whole * T.Size), sumD);
            }

            Sums512.OfFour(sumA, sumB, sumC, sumD).Store(y + row);
        }

        for (; row < last; row++)
        {
            byte* a = matrix.Row(row);
            Vector512<float> sum = default;
            for (int i = 0; i < whole; i += Block)
            {
                sum = Accumulate<T>(a + (i * T.Size), Vector512.Load(x + i), Vector512.Load(x + i + 16), sum);
            }

            y[row] = Sums512.OfOne(rest == 0 ? sum : AccumulateStored<T>(rest, x + whole, a + (whole * T.Size), sum));
        }
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int row = firstRow;
        int last = firstRow + rows;
        int stride = matrix.Stride;
        int words = stride / sizeof(uint);
        for (; row + RowsAtOnce <= last; row += RowsAtOnce)
        {
            byte* mask = matrix.MaskOf(row);
            byte* a = matrix.ValuesOf(row);
            byte* b = matrix.ValuesOf(row + 1);
            byte* c = matrix.ValuesOf(row + 2);
            byte* d = matrix.ValuesOf(row + 3);
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int word = 0; word < words; word++)
            {
                byte* at = mask + (word * sizeof(uint));
                float* input = x + (word * Block);
                sumA = AccumulateNext<T>(*(uint*)at, input, ref a, sumA);
                sumB = AccumulateNext<T>(*(uint*)(at + stride), input, ref b, sumB);
                sumC = AccumulateNext<T>(*(uint*)(at + (2 * stride)), input, ref c, sumC);
                sumD = AccumulateNext<T>(*(uint*)(at + (3 * stride)), input, ref d, sumD);
            }

            if (words * sizeof(uint) < stride)
            {
                float* input = x + (words * Block);
                sumA = AccumulateStored<T>(SparseRows.Word(mask, words, stride), input, a, sumA);
                sumB = AccumulateStored<T>(SparseRows.Word(mask + stride, words, stride), input, b, sumB);
                sumC = AccumulateStored<T>(SparseRows.Word(mask + (2 * stride), words, stride), input, c, sumC);
                sumD = AccumulateStored<T>(SparseRows.Word(mask + (3 * stride), words, stride), input, d, sumD);
            }

            Sums512.OfFour(sumA, sumB, sumC, sumD).Store(y + row);
        }

        for (; row < last; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            Vector512<float> sum = default;
            for (int word = 0; word * sizeof(uint) < stride; word++)
            {
                sum = AccumulateNext<T>(SparseRows.Word(mask, word, stride), x + (word * Block), ref values, sum);
            }

            y[row] = Sums512.OfOne(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Accumulate<T>(byte* weights, Vector512<float> x0, Vector512<float> x1, Vector512<float> sum)
        where T : struct, IElements512
    {
        T.Load(weights, out Vector512<float> first, out Vector512<float> second);
        return Vector512.FusedMultiplyAdd(second, x1, Vector512.FusedMultiplyAdd(first, x0, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AccumulateStored<T>(uint bits, float* x, byte* values, Vector512<float> sum)
        where T : struct, IElements512
    {
        T.Expand(values, bits, out Vector512<float> first, out Vector512<float> second);
        return Vector512.FusedMultiplyAdd(second, Vector512.Load(x + 16), Vector512.FusedMultiplyAdd(first, Vector512.Load(x), sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AccumulateNext<T>(uint bits, float* x, ref byte* values, Vector512<float> sum)
        where T : struct, IElements512
    {
        byte* stored = values;
        values += T.Size * BitOperations.PopCount(bits);
        return AccumulateStored<T>(bits, x, stored, sum);
    }
}
