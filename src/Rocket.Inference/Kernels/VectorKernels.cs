using System.Numerics;
using System.Runtime.CompilerServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>Portable kernels over <see cref="Vector{T}"/>; the base of those that know their processor.</summary>
internal unsafe class VectorKernels : MatrixKernels
{
    private const int RowsAtOnce = 4;

    /// <inheritdoc/>
    public override string Name => "portable";

    /// <inheritdoc/>
    public override int PanelWidth => 2 * Vector<float>.Count;

    /// <inheritdoc/>
    protected override bool SplitsPairs => false;

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
            Vector<float> sum = Vector<float>.Zero;
            for (int column = 0; column < matrix.Columns; column += Block)
            {
                values = ScalarKernels.ExpandBits(matrix, row, column, Block, values, block);
                for (int i = 0; i < Block; i += Vector<float>.Count)
                {
                    sum = Vector.FusedMultiplyAdd(Vector.Load(block + i), Vector.Load(x + column + i), sum);
                }
            }

            y[row] = Vector.Sum(sum);
        }
    }

    /// <inheritdoc/>
    public override void Expand(in DenseRows matrix, int row, int column, int count, float* target)
    {
        byte* source = matrix.Row(row) + ((nint)column * matrix.Type.ByteSize());
        switch (matrix.Type)
        {
            case TensorType.F32:
                new ReadOnlySpan<byte>(source, count * sizeof(float)).CopyTo(new Span<byte>(target, count * sizeof(float)));
                break;
            case TensorType.F16:
                ExpandRow<VectorF16>(source, TensorType.F16, count, target);
                break;
            default:
                ExpandRow<VectorBF16>(source, TensorType.BF16, count, target);
                break;
        }
    }

    /// <inheritdoc/>
    public override byte* Expand(in SparseRows matrix, int row, int column, int count, byte* values, float* target)
        => ScalarKernels.ExpandBits(matrix, row, column, count, values, target);

    /// <inheritdoc/>
    public override void Transpose(float* rows, nint stride, int height, int columns, float* panel)
        => PanelTransposition.Run(rows, stride, height, columns, panel, PanelWidth);

    /// <inheritdoc/>
    public override void MultiplyPanel(float* a, nint aStride, int rows, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        int r = 0;
        for (; r + RowsAtOnce <= rows; r += RowsAtOnce)
        {
            MultiplyFour(a + (r * aStride), aStride, panel, depth, c + (r * cStride), cStride, accumulate);
        }

        for (; r < rows; r++)
        {
            MultiplyOne(a + (r * aStride), panel, depth, c + (r * cStride), accumulate);
        }
    }

    private static void ExpandRow<T>(byte* source, TensorType type, int count, float* target)
        where T : struct, IVectorElements
    {
        int i = 0;
        for (; i + (2 * Vector<float>.Count) <= count; i += 2 * Vector<float>.Count)
        {
            T.Load(source + (i * T.Size), out Vector<float> first, out Vector<float> second);
            first.Store(target + i);
            second.Store(target + i + Vector<float>.Count);
        }

        for (; i < count; i++)
        {
            target[i] = ScalarKernels.Read(source + (i * T.Size), type);
        }
    }

    private static void MultiplyRows<T>(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, IVectorElements
    {
        int row = firstRow;
        int last = firstRow + rows;
        for (; row + RowsAtOnce <= last; row += RowsAtOnce)
        {
            byte* a = matrix.Row(row);
            byte* b = matrix.Row(row + 1);
            byte* c = matrix.Row(row + 2);
            byte* d = matrix.Row(row + 3);
            Vector<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            int i = 0;
            for (; i + (2 * Vector<float>.Count) <= matrix.Columns; i += 2 * Vector<float>.Count)
            {
                Vector<float> x0 = Vector.Load(x + i);
                Vector<float> x1 = Vector.Load(x + i + Vector<float>.Count);
                Accumulate<T>(a + (i * T.Size), x0, x1, ref a0, ref a1);
                Accumulate<T>(b + (i * T.Size), x0, x1, ref b0, ref b1);
                Accumulate<T>(c + (i * T.Size), x0, x1, ref c0, ref c1);
                Accumulate<T>(d + (i * T.Size), x0, x1, ref d0, ref d1);
            }

            y[row] = Vector.Sum(a0 + a1) + Rest(a, matrix, i, x);
            y[row + 1] = Vector.Sum(b0 + b1) + Rest(b, matrix, i, x);
            y[row + 2] = Vector.Sum(c0 + c1) + Rest(c, matrix, i, x);
            y[row + 3] = Vector.Sum(d0 + d1) + Rest(d, matrix, i, x);
        }

        for (; row < last; row++)
        {
            byte* a = matrix.Row(row);
            Vector<float> a0 = default, a1 = default;
            int i = 0;
            for (; i + (2 * Vector<float>.Count) <= matrix.Columns; i += 2 * Vector<float>.Count)
            {
                Accumulate<T>(a + (i * T.Size), Vector.Load(x + i), Vector.Load(x + i + Vector<float>.Count), ref a0, ref a1);
            }

            y[row] = Vector.Sum(a0 + a1) + Rest(a, matrix, i, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(byte* weights, Vector<float> x0, Vector<float> x1, ref Vector<float> sum0, ref Vector<float> sum1)
        where T : struct, IVectorElements
    {
        T.Load(weights, out Vector<float> first, out Vector<float> second);
        sum0 = Vector.FusedMultiplyAdd(first, x0, sum0);
        sum1 = Vector.FusedMultiplyAdd(second, x1, sum1);
    }

    private static float Rest(byte* row, in DenseRows matrix, int first, float* x)
    {
        float sum = 0;
        for (int i = first; i < matrix.Columns; i++)
        {
            sum += ScalarKernels.Read(row + (i * matrix.Type.ByteSize()), matrix.Type) * x[i];
        }

        return sum;
    }

    private static void MultiplyFour(float* a, nint aStride, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        Vector<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector<float> b0 = Vector.Load(panel);
            Vector<float> b1 = Vector.Load(panel + Vector<float>.Count);
            panel += 2 * Vector<float>.Count;
            Vector<float> value = new(a[i]);
            s00 = Vector.FusedMultiplyAdd(value, b0, s00);
            s01 = Vector.FusedMultiplyAdd(value, b1, s01);
            value = new(a[aStride + i]);
            s10 = Vector.FusedMultiplyAdd(value, b0, s10);
            s11 = Vector.FusedMultiplyAdd(value, b1, s11);
            value = new(a[(2 * aStride) + i]);
            s20 = Vector.FusedMultiplyAdd(value, b0, s20);
            s21 = Vector.FusedMultiplyAdd(value, b1, s21);
            value = new(a[(3 * aStride) + i]);
            s30 = Vector.FusedMultiplyAdd(value, b0, s30);
            s31 = Vector.FusedMultiplyAdd(value, b1, s31);
        }

        Store(c, s00, s01, accumulate);
        Store(c + cStride, s10, s11, accumulate);
        Store(c + (2 * cStride), s20, s21, accumulate);
        Store(c + (3 * cStride), s30, s31, accumulate);
    }

    private static void MultiplyOne(float* a, float* panel, int depth, float* c, bool accumulate)
    {
        Vector<float> s0 = default, s1 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector<float> value = new(a[i]);
            s0 = Vector.FusedMultiplyAdd(value, Vector.Load(panel), s0);
            s1 = Vector.FusedMultiplyAdd(value, Vector.Load(panel + Vector<float>.Count), s1);
            panel += 2 * Vector<float>.Count;
        }

        Store(c, s0, s1, accumulate);
    }

    private static void Store(float* c, Vector<float> first, Vector<float> second, bool accumulate)
    {
        if (accumulate)
        {
            first += Vector.Load(c);
            second += Vector.Load(c + Vector<float>.Count);
        }

        first.Store(c);
        second.Store(c + Vector<float>.Count);
    }
}
