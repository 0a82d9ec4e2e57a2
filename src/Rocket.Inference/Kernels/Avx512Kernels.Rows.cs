using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <content>
/// Products of rows with one input: two vectors of sums a row, for alternate runs of 16 columns. One row after the other, since memory is read fastest as one stream:
/// four rows side by side took three times as long (measured on Zen 5).
/// </content>
internal sealed unsafe partial class Avx512Kernels
{
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
        int row = firstRow;
        int last = firstRow + rows;
        int stride = matrix.Stride;
        int* starts = (int*)matrix.Starts;
        byte* values = (byte*)matrix.Values;
        byte* mask = matrix.MaskOf(row);
        byte* end = matrix.End;

        // What a row reads behind its values are the values of the next ones.
        int lastStart = matrix.Count - Lanes;
        for (; row < last && starts[row + 1] <= lastStart; row++)
        {
            y[row] = Sums512.OfOne(SparseRow<T>(mask, stride, values + ((nint)starts[row] * sizeof(ushort)), x));
            mask += stride;
        }

        for (; row < last; row++)
        {
            byte* stored = values + ((nint)starts[row] * sizeof(ushort));
            Vector512<float> sum = default, next = default;
            for (int i = 0; 2 * i < stride; i++)
            {
                uint bits = HalfWord(mask, i, stride);
                (sum, next) = (next, Vector512.FusedMultiplyAdd(ExpandAny<T>(stored, end, bits), Vector512.Load(x + (i * Lanes)), sum));
                stored += BytesOf(bits);
            }

            y[row] = Sums512.OfOne(sum + next);
            mask += stride;
        }
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
