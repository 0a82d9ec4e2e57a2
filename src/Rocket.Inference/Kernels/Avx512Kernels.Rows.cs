using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>
/// Products of rows with one input: two vectors of sums a row, for alternate runs of 16 columns. One row after the other, since memory is read fastest as one stream:
/// four rows side by side took three times as long (measured on Zen 5).
/// </content>
internal sealed unsafe partial class Avx512Kernels
{
    // A page ahead: the processor's own prefetching stops where a page does. Prefetching never faults.
    private const int PrefetchDistance = 4096;

    private static void MultiplyDense<T>(byte* weights, int columns, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        nint stride = (nint)columns * sizeof(ushort);
        for (int row = 0; row < rows; row++)
        {
            y[row] = Sums512.OfOne(DenseRow<T>(weights, columns, x));
            weights += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> DenseRow<T>(byte* row, int columns, float* x)
        where T : struct, IElements512
    {
        Vector512<float> even = default, odd = default;
        int i = 0;
        for (; i + Block <= columns; i += Block)
        {
            Sse.Prefetch0(row + PrefetchDistance);
            even = Accumulate<T>(Lanes512.Load(row), Vector512.Load(x + i), even);
            odd = Accumulate<T>(Lanes512.Load(row + Read), Vector512.Load(x + i + Lanes), odd);
            row += 2 * Read;
        }

        if (i + Lanes < columns)
        {
            even = Accumulate<T>(Lanes512.Load(row), Vector512.Load(x + i), even);
            odd = Accumulate<T>(LoadRest(row + Read, columns - i - Lanes), Vector512.Load(x + i + Lanes), odd);
        }
        else if (i < columns)
        {
            even = Accumulate<T>(LoadRest(row, columns - i), Vector512.Load(x + i), even);
        }

        return even + odd;
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int stride = matrix.Stride;
        int* starts = (int*)matrix.Starts;
        byte* mask = matrix.MaskOf(firstRow);

        // What a row reads behind its values are the values of the next ones; the last rows have none.
        int last = firstRow + rows;
        int whole = last;
        while (whole > firstRow && starts[whole] > matrix.Count - Block)
        {
            whole--;
        }

        if (Avx512Vbmi2.IsSupported && stride % sizeof(uint) == 0)
        {
            MultiplyWords<T>(mask, stride, whole - firstRow, matrix.ValuesOf(firstRow), x, y + firstRow);
        }
        else
        {
            for (int row = firstRow; row < whole; row++)
            {
                y[row] = Sums512.OfOne(SparseRow<T>(matrix.MaskOf(row), stride, matrix.ValuesOf(row), x));
            }
        }

        for (int row = whole; row < last; row++)
        {
            y[row] = MultiplyLast<T>(matrix, row, x);
        }
    }

    // Masks and values of consecutive rows lie behind one another.
    private static void MultiplyWords<T>(byte* mask, int stride, int rows, byte* values, float* x, float* y)
        where T : struct, IElements512
    {
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default;
            float* input = x;
            byte* end = mask + stride;
            for (; mask < end; mask += sizeof(uint))
            {
                Sse.Prefetch0(values + PrefetchDistance);
                Vector512<ushort> weights = Lanes512.Expand(values, Lanes512.Of32(mask));
                even = Vector512.FusedMultiplyAdd(T.First(weights), Vector512.Load(input), even);
                odd = Vector512.FusedMultiplyAdd(T.Last(weights), Vector512.Load(input + Lanes), odd);
                values += BytesOf(*(uint*)mask);
                input += Block;
            }

            y[row] = Sums512.OfOne(even + odd);
        }
    }

    private static float MultiplyLast<T>(in SparseRows matrix, int row, float* x)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        Vector512<float> sum = default, next = default;
        for (int i = 0; 2 * i < matrix.Stride; i++)
        {
            uint bits = HalfWord(mask, i, matrix.Stride);
            (sum, next) = (next, Vector512.FusedMultiplyAdd(ExpandAny<T>(values, matrix.End, bits), Vector512.Load(x + (i * Lanes)), sum));
            values += BytesOf(bits);
        }

        return Sums512.OfOne(sum + next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SparseRow<T>(byte* mask, int stride, byte* values, float* x)
        where T : struct, IElements512
    {
        Vector512<float> even = default, odd = default;
        int at = 0;
        for (; at + sizeof(uint) <= stride; at += sizeof(uint))
        {
            uint bits = *(uint*)(mask + at);
            Sse.Prefetch0(values + PrefetchDistance);
            Vector512<uint> mask32 = Vector512.Create(bits);
            even = Accumulate<T>(Lanes512.Expand(values, Lanes512.Low(mask32)), Vector512.Load(x), even);
            odd = Accumulate<T>(Lanes512.Expand(values + BytesOf(bits & 0xFFFF), Lanes512.High(mask32)), Vector512.Load(x + Lanes), odd);
            values += BytesOf(bits);
            x += Block;
        }

        if (at < stride)
        {
            uint bits = at + 1 < stride ? *(ushort*)(mask + at) : mask[at];
            even = Accumulate<T>(Lanes512.Expand(values, Lanes512.Of16(bits)), Vector512.Load(x), even);
            values += BytesOf(bits);
            at += sizeof(ushort);
        }

        if (at < stride)
        {
            odd = Accumulate<T>(Lanes512.Expand(values, Lanes512.Of16(mask[at])), Vector512.Load(x + Lanes), odd);
        }

        return even + odd;
    }

    private static void MultiplySingles(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            float* stored = (float*)matrix.ValuesOf(row);
            Vector512<float> sum = default, next = default;
            for (int i = 0; 2 * i < matrix.Stride; i++)
            {
                uint bits = HalfWord(mask, i, matrix.Stride);
                (sum, next) = (next, Vector512.FusedMultiplyAdd(Lanes512.ExpandSingles(stored, bits), Vector512.Load(x + (i * Lanes)), sum));
                stored += BitOperations.PopCount(bits);
            }

            y[row] = Sums512.OfOne(sum + next);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint BytesOf(uint bits) => sizeof(ushort) * (nint)BitOperations.PopCount(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Accumulate<T>(Vector512<uint> weights, Vector512<float> input, Vector512<float> sum)
        where T : struct, IElements512
        => Vector512.FusedMultiplyAdd(T.ToSingle(weights), input, sum);
}
