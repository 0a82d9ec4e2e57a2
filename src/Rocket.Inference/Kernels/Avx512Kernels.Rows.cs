using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>
/// Products of rows with one input: two vectors of sums a row, of 16 columns each out of 32; of weights of 16 bits the even and the odd ones.
/// One row after the other, since memory is read fastest as one stream: four rows side by side took three times as long (measured on Zen 5).
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
            Accumulate<T>(Vector512.Load((ushort*)row), x + i, ref even, ref odd);
            row += Read;
        }

        if (i < columns)
        {
            Accumulate<T>(LoadRest((ushort*)row, columns - i), x + i, ref even, ref odd);
        }

        return even + odd;
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IElements512
    {
        int* starts = (int*)matrix.Starts;

        // What a row reads behind its values are the values of the next ones; the last rows have none.
        int last = firstRow + rows;
        int whole = last;
        while (whole > firstRow && starts[whole] > matrix.Count - Block)
        {
            whole--;
        }

        MultiplySparse<T>(matrix.MaskOf(firstRow), matrix.Stride, whole - firstRow, matrix.ValuesOf(firstRow), x, y + firstRow);
        for (int row = whole; row < last; row++)
        {
            y[row] = MultiplyLast<T>(matrix, row, x);
        }
    }

    // Masks and values of consecutive rows lie behind one another.
    private static void MultiplySparse<T>(byte* mask, int stride, int rows, byte* values, float* x, float* y)
        where T : struct, IElements512
    {
        Vector512<byte> ofFirst = Vector512.Load(WordLanes.OfFirst);
        Vector512<byte> ofSecond = Vector512.Load(WordLanes.OfSecond);
        Vector512<ushort> bits = Vector512.Load(WordLanes.Bits);

        // Values are read behind the pointer, since a load can have a distance of its own and a prefetch cannot.
        byte* ahead = values + PrefetchDistance;
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default;
            float* input = x;
            byte* end = mask + stride;
            for (; mask + sizeof(ulong) <= end; mask += sizeof(ulong))
            {
                // Loaded into every lane at once: from a general register it would take two more steps.
                ulong marks = *(ulong*)mask;
                Vector512<byte> words = Avx512F.BroadcastScalarToVector512(Vector128.CreateScalarUnsafe(*(double*)mask)).AsByte();
                byte* second = ahead + BytesOf((uint)marks);
                Sse.Prefetch0(ahead);
                Accumulate<T>(Lanes512.Expand(ahead - PrefetchDistance, (uint)marks, Lanes512.OfWord(words, ofFirst, bits)), input, ref even, ref odd);
                Sse.Prefetch0(second);
                Accumulate<T>(Lanes512.Expand(second - PrefetchDistance, (uint)(marks >> 32), Lanes512.OfWord(words, ofSecond, bits)), input + Block, ref even, ref odd);
                ahead += BytesOf(marks);
                input += 2 * Block;
            }

            while (mask < end)
            {
                int left = Math.Min(sizeof(uint), (int)(end - mask));
                uint marks = SparseRows.Word(mask, 0, left);
                Accumulate<T>(Lanes512.Expand(ahead - PrefetchDistance, marks, Lanes512.OfWord(Vector512.Create(marks).AsByte(), ofFirst, bits)), input, ref even, ref odd);
                ahead += BytesOf(marks);
                input += Block;
                mask += left;
            }

            y[row] = Sums512.OfOne(even + odd);
        }
    }

    private static float MultiplyLast<T>(in SparseRows matrix, int row, float* x)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        Vector512<float> even = default, odd = default;
        for (int word = 0; word * Block < matrix.Columns; word++)
        {
            uint marks = SparseRows.Word(mask, word, matrix.Stride);
            Accumulate<T>(ExpandAny(values, matrix.End, marks), x + (word * Block), ref even, ref odd);
            values += BytesOf(marks);
        }

        return Sums512.OfOne(even + odd);
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
    private static nint BytesOf(ulong bits) => sizeof(ushort) * (nint)BitOperations.PopCount(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(Vector512<ushort> weights, float* x, ref Vector512<float> even, ref Vector512<float> odd)
        where T : struct, IElements512
    {
        even = Vector512.FusedMultiplyAdd(T.Even(weights), Vector512.Load(x), even);
        odd = Vector512.FusedMultiplyAdd(T.Odd(weights), Vector512.Load(x + Lanes), odd);
    }
}
