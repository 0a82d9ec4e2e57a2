using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <content>Products of rows with one input, four rows at once: one vector of sums a row, blocks in order, within a block even columns first.</content>
internal sealed unsafe partial class Avx512Kernels
{
    private static void MultiplyDense<T>(byte* weights, int columns, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int whole = columns / Block * Block;
        uint rest = (1u << (columns - whole)) - 1;
        nint stride = (nint)columns * sizeof(ushort);
        int row = 0;
        for (; row + RowsAtOnce <= rows; row += RowsAtOnce)
        {
            byte* a = weights + (row * stride);
            byte* b = a + stride;
            byte* c = b + stride;
            byte* d = c + stride;
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < whole; i += Block)
            {
                Vector512<float> x0 = Vector512.Load(x + i);
                Vector512<float> x1 = Vector512.Load(x + i + 16);
                nint offset = i * sizeof(ushort);
                sumA = Accumulate<T>(Vector512.Load((uint*)(a + offset)), x0, x1, sumA);
                sumB = Accumulate<T>(Vector512.Load((uint*)(b + offset)), x0, x1, sumB);
                sumC = Accumulate<T>(Vector512.Load((uint*)(c + offset)), x0, x1, sumC);
                sumD = Accumulate<T>(Vector512.Load((uint*)(d + offset)), x0, x1, sumD);
            }

            if (rest != 0)
            {
                sumA = AccumulateRest<T>(a, whole, rest, x, sumA);
                sumB = AccumulateRest<T>(b, whole, rest, x, sumB);
                sumC = AccumulateRest<T>(c, whole, rest, x, sumC);
                sumD = AccumulateRest<T>(d, whole, rest, x, sumD);
            }

            Sums512.OfFour(sumA, sumB, sumC, sumD).Store(y + row);
        }

        for (; row < rows; row++)
        {
            byte* a = weights + (row * stride);
            Vector512<float> sum = default;
            for (int i = 0; i < whole; i += Block)
            {
                sum = Accumulate<T>(Vector512.Load((uint*)(a + (i * sizeof(ushort)))), Vector512.Load(x + i), Vector512.Load(x + i + 16), sum);
            }

            y[row] = Sums512.OfOne(rest == 0 ? sum : AccumulateRest<T>(a, whole, rest, x, sum));
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

        // What these rows read behind their values are the values of the next ones.
        int lastStart = matrix.Count - (Read / sizeof(ushort));
        for (; stride >= sizeof(uint) && row + RowsAtOnce <= last && starts[row + RowsAtOnce] <= lastStart; row += RowsAtOnce)
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
            for (int word = 0; word * sizeof(uint) < stride; word++)
            {
                uint bits = SparseRows.Word(mask, word, stride);
                float* input = x + (word * Block);
                sum = Accumulate<T>(Lanes512.ExpandExactly(stored, bits), Vector512.Load(input), Vector512.Load(input + 16), sum);
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
        int whole = stride / sizeof(uint) * sizeof(uint);
        int at = 0;
        for (; at < whole; at += sizeof(uint))
        {
            Vector512<float> x0 = Vector512.Load(x);
            Vector512<float> x1 = Vector512.Load(x + 16);
            x += Block;
            uint bits = *(uint*)(mask + at);
            sumA = Accumulate<T>(Lanes512.Expand(a, bits), x0, x1, sumA);
            a += BytesOf(bits);
            bits = *(uint*)(maskB + at);
            sumB = Accumulate<T>(Lanes512.Expand(b, bits), x0, x1, sumB);
            b += BytesOf(bits);
            bits = *(uint*)(maskC + at);
            sumC = Accumulate<T>(Lanes512.Expand(c, bits), x0, x1, sumC);
            c += BytesOf(bits);
            bits = *(uint*)(maskD + at);
            sumD = Accumulate<T>(Lanes512.Expand(d, bits), x0, x1, sumD);
            d += BytesOf(bits);
        }

        if (at < stride)
        {
            // The last four bytes of a row, of which those before the rest go.
            int shift = 8 * (sizeof(uint) - (stride - at));
            int end = stride - sizeof(uint);
            Vector512<float> x0 = Vector512.Load(x);
            Vector512<float> x1 = Vector512.Load(x + 16);
            sumA = Accumulate<T>(Lanes512.Expand(a, *(uint*)(mask + end) >> shift), x0, x1, sumA);
            sumB = Accumulate<T>(Lanes512.Expand(b, *(uint*)(maskB + end) >> shift), x0, x1, sumB);
            sumC = Accumulate<T>(Lanes512.Expand(c, *(uint*)(maskC + end) >> shift), x0, x1, sumC);
            sumD = Accumulate<T>(Lanes512.Expand(d, *(uint*)(maskD + end) >> shift), x0, x1, sumD);
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
            for (int word = 0; word * sizeof(uint) < matrix.Stride; word++)
            {
                uint bits = SparseRows.Word(mask, word, matrix.Stride);
                sum = Vector512.FusedMultiplyAdd(Lanes512.ExpandSingles(stored, bits & 0xFFFF), Vector512.Load(x + (word * Block)), sum);
                stored += BitOperations.PopCount(bits & 0xFFFF);
                sum = Vector512.FusedMultiplyAdd(Lanes512.ExpandSingles(stored, bits >> 16), Vector512.Load(x + (word * Block) + 16), sum);
                stored += BitOperations.PopCount(bits >> 16);
            }

            y[row] = Sums512.OfOne(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint BytesOf(uint bits) => sizeof(ushort) * (nint)BitOperations.PopCount(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Accumulate<T>(Vector512<uint> pairs, Vector512<float> x0, Vector512<float> x1, Vector512<float> sum)
        where T : struct, IElements512
        => Vector512.FusedMultiplyAdd(T.Odd(pairs), x1, Vector512.FusedMultiplyAdd(T.Even(pairs), x0, sum));

    // Fewer than 32 elements: as if the missing ones were not stored.
    private static Vector512<float> AccumulateRest<T>(byte* row, int first, uint stored, float* x, Vector512<float> sum)
        where T : struct, IElements512
        => Accumulate<T>(Lanes512.ExpandExactly(row + (first * sizeof(ushort)), stored), Vector512.Load(x + first), Vector512.Load(x + first + 16), sum);
}
