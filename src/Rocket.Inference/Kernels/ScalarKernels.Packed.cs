using System.Numerics;

namespace Rocket.Inference.Kernels;

/// <content>Rows of codes.</content>
internal sealed unsafe partial class ScalarKernels
{
    /// <inheritdoc/>
    public override void Multiply(in PackedRows matrix, int firstRow, int rows, float* x, float* y)
    {
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            long code = matrix.CodesBefore(row);
            double sum = 0;
            for (int i = 0; i < matrix.Columns; i++)
            {
                if (matrix.Mask == 0 || (matrix.MaskOf(row)[i >> 3] >> (i & 7) & 1) != 0)
                {
                    long group = matrix.GroupsBefore(row) + (i / matrix.GroupSize);
                    sum += (double)matrix.Scale(group) * (matrix.Code(code++) - matrix.Zero(group)) * x[i];
                }
            }

            y[row] = (float)sum;
        }
    }

    /// <summary>A row of codes in float32, padded with zeros.</summary>
    internal static void ExpandCodes(in PackedRows matrix, int row, float* target)
    {
        new Span<float>(target, Padded(matrix.Columns)).Clear();
        ReadCodes(matrix, row, target);
    }

    /// <summary>Writes the stored elements of a row of codes to their columns and nothing elsewhere.</summary>
    internal static void ReadCodes(in PackedRows matrix, int row, float* target)
    {
        byte* mask = matrix.Mask == 0 ? null : matrix.MaskOf(row);
        long code = matrix.CodesBefore(row);
        long group = matrix.GroupsBefore(row);
        int bits = matrix.Bits;
        uint largest = matrix.LargestCode;
        for (int first = 0; first < matrix.Columns; first += matrix.GroupSize, group++)
        {
            float scale = matrix.Scale(group);
            int zero = matrix.Zero(group);
            int end = Math.Min(first + matrix.GroupSize, matrix.Columns);
            for (int i = first; i < end; i += 8)
            {
                int stored = mask is not null ? mask[i >> 3] : end - i >= 8 ? 0xFF : (1 << (end - i)) - 1;
                ulong codes = matrix.EightCodes(code);
                code += BitOperations.PopCount((uint)stored);
                for (int k = 0; stored == 0xFF && k < 8; k++)
                {
                    target[i + k] = scale * ((int)((uint)(codes >> (k * bits)) & largest) - zero);
                }

                stored = stored == 0xFF ? 0 : stored;
                for (; stored != 0; stored &= stored - 1)
                {
                    target[i + BitOperations.TrailingZeroCount(stored)] = scale * ((int)((uint)codes & largest) - zero);
                    codes >>= bits;
                }
            }
        }
    }
}
