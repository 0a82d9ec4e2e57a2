using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Weights;

/// <summary>A matrix with every element, as it lies in the memory map.</summary>
internal sealed unsafe class DenseMatrix : WeightMatrix
{
    private readonly DenseRows _rows;

    // Keeps elements that are not mapped.
    private readonly NativeBuffer? _owned;

    /// <summary>Wraps mapped elements.</summary>
    public DenseMatrix(nint weights, TensorType type, int rows, int columns)
    {
        Rows = rows;
        _rows = new DenseRows(weights, type, columns);
    }

    /// <summary>Wraps elements in memory of the matrix's own.</summary>
    public DenseMatrix(NativeBuffer weights, TensorType type, int rows, int columns)
        : this((nint)weights.Pointer, type, rows, columns)
        => _owned = weights;

    /// <inheritdoc/>
    public override int Rows { get; }

    /// <inheritdoc/>
    public override int Columns => _rows.Columns;

    /// <summary>Address of the first element.</summary>
    public nint Start => _rows.Weights;

    /// <inheritdoc/>
    public override long ByteLength => (long)Rows * Columns * _rows.Type.ByteSize();

    /// <inheritdoc/>
    public override ColumnOrder Order(MatrixKernels kernels) => kernels.OrderOf(_rows.Type);

    /// <inheritdoc/>
    public override void Multiply(MatrixKernels kernels, int firstRow, int rows, float* x, float* y) => kernels.Multiply(_rows, firstRow, rows, x, y);

    /// <inheritdoc/>
    public override void Expand(MatrixKernels kernels, int row, float* target) => kernels.Expand(_rows, row, target);

    /// <inheritdoc/>
    public override void Read(int row, float* target) => ScalarKernels.Read(_rows.Row(row), _rows.Type, Columns, target);
}
