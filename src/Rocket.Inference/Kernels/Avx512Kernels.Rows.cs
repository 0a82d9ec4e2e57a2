using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <content>Products of rows with one input, four rows at once: one vector of sums a row, columns in order.</content>
internal sealed unsafe partial class Avx512Kernels
{
    private static void MultiplyDense<T>(byte* weights, int columns, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int whole = columns / Lanes * Lanes;
        nint stride = (nint)columns * sizeof(ushort);
        int row = 0;
        for (; row + RowsAtOnce <= rows; row += RowsAtOnce)
        {
            byte* a = weights + (row * stride);
            byte* b = a + stride;
            byte* c = b + stride;
            byte* d = c + stride;
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < whole; i += Lanes)
            {
                Vector512<float> input = Vector512.Load(x + i);
                nint offset = i * sizeof(ushort);
                sumA = Accumulate<T>(Lanes512.Load(a + offset), input, sumA);
                sumB = Accumulate<T>(Lanes512.Load(b + offset), input, sumB);
                sumC = Accumulate<T>(Lanes512.Load(c + offset), input, sumC);
                sumD = Accumulate<T>(Lanes512.Load(d + offset), input, sumD);
            }

            if (whole < columns)
            {
                Vector512<float> input = Vector512.Load(x + whole);
                nint offset = whole * sizeof(ushort);
                sumA = Accumulate<T>(LoadRest(a + offset, columns - whole), input, sumA);
                sumB = Accumulate<T>(LoadRest(b + offset, columns - whole), input, sumB);
                sumC = Accumulate<T>(LoadRest(c + offset, columns - whole), input, sumC);
                sumD = Accumulate<T>(LoadRest(d + offset, columns - whole), input, sumD);
            }

            Sums512.OfFour(sumA, sumB, sumC, sumD).Store(y + row);
        }

        for (; row < rows; row++)
        {
            byte* a = weights + (row * stride);
            Vector512<float> sum = default;
            for (int i = 0; i < whole; i += Lanes)
            {
                sum = Accumulate<T>(Lanes512.Load(a + (i * sizeof(ushort))), Vector512.Load(x + i), sum);
            }

            if (whole < columns)
            {
                sum = Accumulate<T>(LoadRest(a + (whole * sizeof(ushort)), columns - whole), Vector512.Load(x + whole), sum);
            }

            y[row] = Sums512.OfOne(sum);
        }
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int row = firstRow;
        int last = firstRow + rows;
        int stride = matrix.Stride;
        int* starts = (int*)matrix.Starts;
        byte* values = (byte*)matrix.Values;
        byte* mask = matrix.MaskOf(row);
        byte* end = matrix.End;

        // What these rows read behind their values are the values of the next ones.
        int lastStart = matrix.Count - Lanes;
        for (; row + RowsAtOnce <= last && starts[row + RowsAtOnce] <= lastStart; row += RowsAtOnce)
        {
            MultiplyFour<T>(
                mask, stride, x, y + row,
                values + ((nint)starts[row] * sizeof(ushort)), values + ((nint)starts[row + 1] * sizeof(ushort)),
                values + ((nint)starts[row + 2] * sizeof(ushort)), values + ((nint)starts[row + 3] * sizeof(ushort)));
            mask += RowsAtOnce * stride;
        }

        for (; row < last; row++)
        {
            byte* stored = values + ((nint)starts[row] * sizeof(ushort));
            Vector512<float> sum = default;
            for (int i = 0; 2 * i < stride; i++)
            {
                uint bits = HalfWord(mask, i, stride);
                sum = Vector512.FusedMultiplyAdd(ExpandAny<T>(stored, end, bits), Vector512.Load(x + (i * Lanes)), sum);
                stored += BytesOf(bits);
            }

            y[row] = Sums512.OfOne(sum);
            mask += stride;
        }
    }

    private static void MultiplyFour<T>(byte* mask, int stride, float* x, float* y, byte* a, byte* b, byte* c, byte* d)
        where T : struct, IElements512
    {
        Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
        byte* maskB = mask + stride;
        byte* maskC = maskB + stride;
        byte* maskD = maskC + stride;
        int at = 0;
        for (; at + 2 <= stride; at += 2)
        {
            Vector512<float> input = Vector512.Load(x);
            x += Lanes;
            uint bits = *(ushort*)(mask + at);
            sumA = Accumulate<T>(Lanes512.Expand(a, bits), input, sumA);
            a += BytesOf(bits);
            bits = *(ushort*)(maskB + at);
            sumB = Accumulate<T>(Lanes512.Expand(b, bits), input, sumB);
            b += BytesOf(bits);
            bits = *(ushort*)(maskC + at);
            sumC = Accumulate<T>(Lanes512.Expand(c, bits), input, sumC);
            c += BytesOf(bits);
            bits = *(ushort*)(maskD + at);
            sumD = Accumulate<T>(Lanes512.Expand(d, bits), input, sumD);
            d += BytesOf(bits);
        }

        if (at < stride)
        {
            Vector512<float> input = Vector512.Load(x);
            sumA = Accumulate<T>(Lanes512.Expand(a, mask[at]), input, sumA);
            sumB = Accumulate<T>(Lanes512.Expand(b, maskB[at]), input, sumB);
            sumC = Accumulate<T>(Lanes512.Expand(c, maskC[at]), input, sumC);
            sumD = Accumulate<T>(Lanes512.Expand(d, maskD[at]), input, sumD);
        }

        Sums512.OfFour(sumA, sumB, sumC, sumD).Store(y);
    }

    private static void MultiplySingles(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            float* stored = (float*)matrix.ValuesOf(row);
            Vector512<float> sum = default;
            for (int i = 0; 2 * i < matrix.Stride; i++)
            {
                uint bits = HalfWord(mask, i, matrix.Stride);
                sum = Vector512.FusedMultiplyAdd(Lanes512.ExpandSingles(stored, bits), Vector512.Load(x + (i * Lanes)), sum);
                stored += BitOperations.PopCount(bits);
            }

            y[row] = Sums512.OfOne(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint BytesOf(uint bits) => sizeof(ushort) * (nint)BitOperations.PopCount(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Accumulate<T>(Vector512<uint> weights, Vector512<float> input, Vector512<float> sum)
        where T : struct, IElements512
        => Vector512.FusedMultiplyAdd(T.ToSingle(weights), input, sum);
}
