using System.Numerics;
using System.Runtime.CompilerServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>Portable kernels over <see cref="Vector{T}"/>; the base of those that know their processor. One vector of sums a row, columns in order.</summary>
internal unsafe partial class VectorKernels : MatrixKernels
{
    private const int RowsAtOnce = 4;

    /// <inheritdoc/>
    public override string Name => "portable";

    /// <inheritdoc/>
    public override void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplyRows<VectorF32>(matrix, firstRow, rows, x, y);
                break;
            case TensorType.F16:
                MultiplyRows<VectorF16>(matrix, firstRow, rows, x, y);
                break;
            default:
                MultiplyRows<VectorBF16>(matrix, firstRow, rows, x, y);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        float* block = stackalloc float[Block];
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* values = matrix.ValuesOf(row);
            Vector<float> sum = default;
            for (int word = 0; word * Block < matrix.Columns; word++)
            {
                values = ScalarKernels.ExpandWord(matrix, row, word, values, block);
                sum = AccumulateBlock(block, x + (word * Block), sum);
            }

            y[row] = Vector.Sum(sum);
        }
    }

    /// <inheritdoc/>
    public override void Expand(in DenseRows matrix, int row, float* target)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                ExpandSingles(matrix, row, target);
                break;
            case TensorType.F16:
                ExpandRow<VectorF16>(matrix, row, target);
                break;
            default:
                ExpandRow<VectorBF16>(matrix, row, target);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Expand(in SparseRows matrix, int row, float* target)
    {
        byte* values = matrix.ValuesOf(row);
        for (int word = 0; word * Block < matrix.Columns; word++)
        {
            values = ScalarKernels.ExpandWord(matrix, row, word, values, target + (word * Block));
        }
    }

    /// <summary>Copies a row of float32.</summary>
    protected static void ExpandSingles(in DenseRows matrix, int row, float* target)
    {
        new ReadOnlySpan<float>(matrix.Row(row), matrix.Columns).CopyTo(new Span<float>(target, matrix.Columns));
        new Span<float>(target + matrix.Columns, Padded(matrix.Columns) - matrix.Columns).Clear();
    }

    private static void ExpandRow<T>(in DenseRows matrix, int row, float* target)
        where T : struct, IVectorElements
    {
        byte* source = matrix.Row(row);
        int i = 0;
        for (; i + Block <= matrix.Columns; i += Block)
        {
            for (int j = i; j < i + Block; j += 2 * Vector<float>.Count)
            {
                T.Load(source + (j * T.Size), out Vector<float> first, out Vector<float> second);
                first.Store(target + j);
                second.Store(target + j + Vector<float>.Count);
            }
        }

        if (i < matrix.Columns)
        {
            ReadRest(matrix, row, i, target + i);
        }
    }

    private static void MultiplyRows<T>(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IVectorElements
    {
        int row = firstRow;
        int last = firstRow + rows;
        float* rest = stackalloc float[Block];
        int whole = matrix.Columns / Block * Block;
        for (; row + RowsAtOnce <= last; row += RowsAtOnce)
        {
            byte* a = matrix.Row(row);
            byte* b = matrix.Row(row + 1);
            byte* c = matrix.Row(row + 2);
            byte* d = matrix.Row(row + 3);
            Vector<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < whole; i += 2 * Vector<float>.Count)
            {
                Vector<float> x0 = Vector.Load(x + i);
                Vector<float> x1 = Vector.Load(x + i + Vector<float>.Count);
                sumA = Accumulate<T>(a + (i * T.Size), x0, x1, sumA);
                sumB = Accumulate<T>(b + (i * T.Size), x0, x1, sumB);
                sumC = Accumulate<T>(c + (i * T.Size), x0, x1, sumC);
                sumD = Accumulate<T>(d + (i * T.Size), x0, x1, sumD);
            }

            y[row] = Finish(matrix, row, whole, x, sumA, rest);
            y[row + 1] = Finish(matrix, row + 1, whole, x, sumB, rest);
            y[row + 2] = Finish(matrix, row + 2, whole, x, sumC, rest);
            y[row + 3] = Finish(matrix, row + 3, whole, x, sumD, rest);
        }

        for (; row < last; row++)
        {
            byte* a = matrix.Row(row);
            Vector<float> sum = default;
            for (int i = 0; i < whole; i += 2 * Vector<float>.Count)
            {
                sum = Accumulate<T>(a + (i * T.Size), Vector.Load(x + i), Vector.Load(x + i + Vector<float>.Count), sum);
            }

            y[row] = Finish(matrix, row, whole, x, sum, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Accumulate<T>(byte* weights, Vector<float> x0, Vector<float> x1, Vector<float> sum)
        where T : struct, IVectorElements
    {
        T.Load(weights, out Vector<float> first, out Vector<float> second);
        return Vector.FusedMultiplyAdd(second, x1, Vector.FusedMultiplyAdd(first, x0, sum));
    }

    private static Vector<float> AccumulateBlock(float* block, float* x, Vector<float> sum)
    {
        for (int i = 0; i < Block; i += Vector<float>.Count)
        {
            sum = Vector.FusedMultiplyAdd(Vector.Load(block + i), Vector.Load(x + i), sum);
        }

        return sum;
    }

    // Fewer than 32 columns are left: they are read one by one, so that nothing behind the row is.
    private static float Finish(in DenseRows matrix, int row, int whole, float* x, Vector<float> sum, float* rest)
    {
        if (whole < matrix.Columns)
        {
            ReadRest(matrix, row, whole, rest);
            sum = AccumulateBlock(rest, x + whole, sum);
        }

        return Vector.Sum(sum);
    }

    private static void ReadRest(in DenseRows matrix, int row, int first, float* target)
    {
        new Span<float>(target, Block).Clear();
        byte* source = matrix.Row(row);
        for (int i = first; i < matrix.Columns; i++)
        {
            target[i - first] = ScalarKernels.Read(source + (i * matrix.Type.ByteSize()), matrix.Type);
        }
    }
}
