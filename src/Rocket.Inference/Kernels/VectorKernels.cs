using System.Numerics;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>Portable kernels over <see cref="Vector{T}"/>; the base of those that know their processor. Two vectors of sums a row, for alternate runs of columns; one row after the other, since memory is read fastest as one stream.</summary>
internal unsafe partial class VectorKernels : MatrixKernels
{
    /// <inheritdoc/>
    public override string Name => "portable";

    /// <inheritdoc/>
    public override bool SpreadsInRegisters(TensorType type) => false;

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
            Vector<float> even = default, odd = default;
            for (int word = 0; word * Block < matrix.Columns; word++)
            {
                values = ScalarKernels.ExpandWord(matrix, row, word, values, block);
                AccumulateBlock(block, x + (word * Block), ref even, ref odd);
            }

            y[row] = Vector.Sum(even + odd);
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
        int whole = matrix.Columns / Block * Block;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* weights = matrix.Row(row);
            Vector<float> even = default, odd = default;
            for (int i = 0; i < whole; i += 2 * Vector<float>.Count)
            {
                T.Load(weights + (i * T.Size), out Vector<float> first, out Vector<float> second);
                even = Vector.FusedMultiplyAdd(first, Vector.Load(x + i), even);
                odd = Vector.FusedMultiplyAdd(second, Vector.Load(x + i + Vector<float>.Count), odd);
            }

            y[row] = whole == matrix.Columns ? Vector.Sum(even + odd) : SumWithRest(matrix, row, whole, x + whole, even, odd);
        }
    }

    // Fewer than 32 columns are left: they are read one by one, so that nothing behind the row is.
    private static float SumWithRest(in DenseRows matrix, int row, int whole, float* x, Vector<float> even, Vector<float> odd)
    {
        float* rest = stackalloc float[Block];
        ReadRest(matrix, row, whole, rest);
        AccumulateBlock(rest, x, ref even, ref odd);
        return Vector.Sum(even + odd);
    }

    private static void AccumulateBlock(float* block, float* x, ref Vector<float> even, ref Vector<float> odd)
    {
        for (int i = 0; i < Block; i += 2 * Vector<float>.Count)
        {
            even = Vector.FusedMultiplyAdd(Vector.Load(block + i), Vector.Load(x + i), even);
            odd = Vector.FusedMultiplyAdd(Vector.Load(block + i + Vector<float>.Count), Vector.Load(x + i + Vector<float>.Count), odd);
        }
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
