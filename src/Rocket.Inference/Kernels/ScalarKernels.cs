using System.Numerics;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>One element at a time: what every other instruction set is tested against. Sums in double.</summary>
internal sealed unsafe partial class ScalarKernels : MatrixKernels
{
    /// <inheritdoc/>
    public override string Name => "scalar";

    /// <summary>One stored element.</summary>
    public static float Read(byte* element, TensorType type) => type switch
    {
        TensorType.F32 => *(float*)element,
        TensorType.F16 => (float)*(Half*)element,
        _ => BitConverter.UInt32BitsToSingle((uint)*(ushort*)element << 16),
    };

    /// <summary>A run of stored elements in float32.</summary>
    public static void Read(byte* elements, TensorType type, int count, float* target)
    {
        int size = type.ByteSize();
        for (int i = 0; i < count; i++)
        {
            target[i] = Read(elements + ((nint)i * size), type);
        }
    }

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
    public override void Expand(in DenseRows matrix, int row, float* target)
    {
        byte* weights = matrix.Row(row);
        new Span<float>(target, Padded(matrix.Columns)).Clear();
        for (int i = 0; i < matrix.Columns; i++)
        {
            target[i] = Read(weights + (i * matrix.Type.ByteSize()), matrix.Type);
        }
    }

    /// <inheritdoc/>
    public override void Expand(in SparseRows matrix, int row, float* target)
    {
        byte* values = matrix.ValuesOf(row);
        for (int word = 0; word * Block < matrix.Columns; word++)
        {
            values = ExpandWord(matrix, row, word, values, target + (word * Block));
        }
    }

    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        for (int t = 0; t < tokens; t++)
        {
            for (int r = 0; r < count; r++)
            {
                double sum = 0;
                for (int i = 0; i < columns; i++)
                {
                    sum += (double)rows[(r * rowStride) + i] * x[(t * xStride) + i];
                }

                y[(t * yStride) + r] = (float)sum;
            }
        }
    }

    /// <summary>Expands 32 columns by walking the set bits.</summary>
    /// <returns>The stored elements behind them.</returns>
    internal static byte* ExpandWord(in SparseRows matrix, int row, int word, byte* values, float* target)
    {
        new Span<float>(target, Block).Clear();
        int size = matrix.Type.ByteSize();
        for (uint bits = SparseRows.Word(matrix.MaskOf(row), word, matrix.Stride); bits != 0; bits &= bits - 1)
        {
            target[BitOperations.TrailingZeroCount(bits)] = Read(values, matrix.Type);
            values += size;
        }

        return values;
    }
}
