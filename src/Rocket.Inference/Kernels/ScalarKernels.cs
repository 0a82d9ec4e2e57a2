using System.Numerics;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>One element at a time: what every other instruction set is tested against. Sums in double.</summary>
internal sealed unsafe class ScalarKernels : MatrixKernels
{
    /// <inheritdoc/>
    public override string Name => "scalar";

    /// <inheritdoc/>
    public override int PanelWidth => 4;

    /// <inheritdoc/>
    protected override bool SplitsPairs => false;

    /// <summary>One stored element.</summary>
    public static float Read(byte* element, TensorType type) => type switch
    {
        TensorType.F32 => *(float*)element,
        TensorType.F16 => (float)*(Half*)element,
        _ => BitConverter.UInt32BitsToSingle((uint)*(ushort*)element << 16),
    };

    /// <inheritdoc/>
    public override void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* weights = matrix.Row(row);
            double sum = 0;
            for (int i = 0; i < matrix.Columns; i++)
            {
                sum += (double)Read(weights + (i * matrix.Type.ByteSize()), matrix.Type) * x[i];
            }

            y[row] = (float)sum;
        }
    }

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            double sum = 0;
            for (int i = 0; i < matrix.Columns; i++)
            {
                if ((mask[i >> 3] >> (i & 7) & 1) != 0)
                {
                    sum += (double)Read(values, matrix.Type) * x[i];
                    values += matrix.Type.ByteSize();
                }
            }

            y[row] = (float)sum;
        }
    }

    /// <inheritdoc/>
    public override void Expand(in DenseRows matrix, int row, int column, int count, float* target)
    {
        byte* weights = matrix.Row(row);
        for (int i = 0; i < count; i++)
        {
            target[i] = Read(weights + ((column + i) * matrix.Type.ByteSize()), matrix.Type);
        }
    }

    /// <inheritdoc/>
    public override byte* Expand(in SparseRows matrix, int row, int column, int count, byte* values, float* target)
        => ExpandBits(matrix, row, column, count, values, target);

    /// <inheritdoc/>
    public override void Transpose(float* rows, nint stride, int height, int columns, float* panel)
        => Transpose(rows, stride, height, columns, panel, PanelWidth);

    /// <inheritdoc/>
    public override void MultiplyPanel(float* a, nint aStride, int rows, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int j = 0; j < PanelWidth; j++)
            {
                double sum = accumulate ? c[(r * cStride) + j] : 0;
                for (int i = 0; i < depth; i++)
                {
                    sum += (double)a[(r * aStride) + i] * panel[(i * PanelWidth) + j];
                }

                c[(r * cStride) + j] = (float)sum;
            }
        }
    }

    /// <summary>Expands by walking the set bits.</summary>
    internal static byte* ExpandBits(in SparseRows matrix, int row, int column, int count, byte* values, float* target)
    {
        new Span<float>(target, count).Clear();
        byte* mask = matrix.MaskOf(row);
        int size = matrix.Type.ByteSize();
        for (int word = column / Block; word * Block < column + count; word++)
        {
            float* block = target + ((word * Block) - column);
            for (uint bits = SparseRows.Word(mask, word, matrix.Stride); bits != 0; bits &= bits - 1)
            {
                block[BitOperations.TrailingZeroCount(bits)] = Read(values, matrix.Type);
                values += size;
            }
        }

        return values;
    }

    /// <summary>Transposes element by element.</summary>
    internal static void Transpose(float* rows, nint stride, int height, int columns, float* panel, int width)
    {
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < width; r++)
            {
                panel[(c * width) + r] = r < height ? rows[(r * stride) + c] : 0;
            }
        }
    }
}
