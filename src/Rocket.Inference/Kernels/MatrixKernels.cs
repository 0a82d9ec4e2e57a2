using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>
/// The inner loops over weights, for one instruction set. A sum is float32 with a fixed order of additions: it depends neither on the rows
/// nor on the tokens that are computed with it, so a prompt gives the same bits at once, in parts or token by token.
/// </summary>
internal abstract unsafe partial class MatrixKernels
{
    /// <summary>Columns that are read at once: inputs are padded with zeros to a multiple of it.</summary>
    public const int Block = 32;

    /// <summary>Name of the instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>Whether stored elements of sparse rows come to their columns in registers. Where they do not, rows with their zeros are read several times faster.</summary>
    public virtual bool SpreadsInRegisters(TensorType type) => true;

    /// <summary>Floats of a padded input.</summary>
    public static int Padded(int columns) => (columns + Block - 1) / Block * Block;

    /// <summary>The order in which rows of a type take the columns of a block, and in which they are expanded.</summary>
    public virtual ColumnOrder OrderOf(TensorType type) => ColumnOrder.AsStored;

    /// <summary>Copies an input into an order that <see cref="OrderOf"/> gave, padded with zeros.</summary>
    /// <param name="target">Room for <see cref="Padded"/> floats.</param>
    public virtual void Arrange(float* x, int columns, ColumnOrder order, float* target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(order, ColumnOrder.AsStored);
        int padded = Padded(columns);
        new ReadOnlySpan<float>(x, columns).CopyTo(new Span<float>(target, padded));
        new Span<float>(target + columns, padded - columns).Clear();
    }

    /// <summary>y[i] = row i . x for some rows.</summary>
    /// <param name="x">The input, padded with zeros and in the order of the matrix's type.</param>
    /// <param name="y">Result of row 0.</param>
    public abstract void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y);

    /// <inheritdoc cref="Multiply(in DenseRows, int, int, float*, float*)"/>
    public abstract void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y);

    /// <summary>A row in float32, padded with zeros and in the order of the matrix's type.</summary>
    /// <param name="target">Room for <see cref="Padded"/> floats.</param>
    public abstract void Expand(in DenseRows matrix, int row, float* target);

    /// <inheritdoc cref="Expand(in DenseRows, int, float*)"/>
    public abstract void Expand(in SparseRows matrix, int row, float* target);

    /// <summary>y[t * yStride + r] = row r . input t, with the additions in the order of <see cref="Multiply(in DenseRows, int, int, float*, float*)"/>.</summary>
    /// <param name="x">Inputs, <paramref name="xStride"/> floats apart.</param>
    /// <param name="rows">Rows in float32, <paramref name="rowStride"/> floats apart.</param>
    public abstract void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride);
}
