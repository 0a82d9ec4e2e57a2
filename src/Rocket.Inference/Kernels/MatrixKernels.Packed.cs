using System.Runtime.InteropServices;

namespace Rocket.Inference.Kernels;

/// <content>Rows of codes: as an instruction set has nothing better, a row is expanded and multiplied as a tile's.</content>
internal abstract unsafe partial class MatrixKernels
{
    private const int MostColumnsOnStack = 16 << 10;

    /// <inheritdoc cref="Multiply(in DenseRows, int, int, float*, float*)"/>
    public virtual void Multiply(in PackedRows matrix, int firstRow, int rows, float* x, float* y)
    {
        int padded = Padded(matrix.Columns);
        if (padded <= MostColumnsOnStack)
        {
            float* expanded = stackalloc float[padded];
            MultiplyExpanded(matrix, firstRow, rows, x, y, expanded);
            return;
        }

        var memory = (float*)NativeMemory.Alloc((nuint)padded, sizeof(float));
        try
        {
            MultiplyExpanded(matrix, firstRow, rows, x, y, memory);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    /// <inheritdoc cref="Expand(in DenseRows, int, float*)"/>
    public virtual void Expand(in PackedRows matrix, int row, float* target) => ScalarKernels.ExpandCodes(matrix, row, target);

    private void MultiplyExpanded(in PackedRows matrix, int firstRow, int rows, float* x, float* y, float* expanded)
    {
        int padded = Padded(matrix.Columns);
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            Expand(matrix, row, expanded);
            MultiplyTile(x, 0, 1, expanded, padded, 1, padded, y + row, 0);
        }
    }
}
