using System.Runtime.InteropServices;
using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Weights;

/// <summary>A matrix of which the elements that a mask marks are stored, as mask and values lie in the memory map.</summary>
internal sealed unsafe class SparseMatrix : WeightMatrix
{
    // Pinned, so that its address stays.
    private readonly int[] _starts;
    private readonly SparseRows _rows;

    /// <summary>Wraps mapped parts whose sizes were checked.</summary>
    /// <param name="starts">Number of stored elements before each row, and in all; pinned.</param>
    public SparseMatrix(nint mask, nint values, int[] starts, TensorType type, int columns)
    {
        _starts = starts;
        Rows = starts.Length - 1;
        _rows = new SparseRows(mask, values, Marshal.UnsafeAddrOfPinnedArrayElement(starts, 0), starts[^1], type, columns);
    }

    /// <inheritdoc/>
    public override int Rows { get; }

    /// <inheritdoc/>
    public override int Columns => _rows.Columns;

    /// <inheritdoc/>
    public override long ByteLength => ((long)Rows * _rows.Stride) + ((long)_starts[^1] * _rows.Type.ByteSize());

    /// <summary>The same matrix with its zeros, in memory of its own.</summary>
    public DenseMatrix ToDense()
    {
        int size = _rows.Type.ByteSize();
        long bytes = (long)Rows * Columns * size;
        var weights = new NativeBuffer((bytes + sizeof(float) - 1) / sizeof(float));
        NativeMemory.Clear(weights.Pointer, (nuint)weights.Length * sizeof(float));
        for (int row = 0; row < Rows; row++)
        {
            byte* mask = _rows.MaskOf(row);
            byte* value = _rows.ValuesOf(row);
            byte* target = (byte*)weights.Pointer + ((nint)row * Columns * size);
            for (int i = 0; i < Columns; i++)
            {
                if ((mask[i >> 3] >> (i & 7) & 1) != 0)
                {
                    new ReadOnlySpan<byte>(value, size).CopyTo(new Span<byte>(target + ((nint)i * size), size));
                    value += size;
                }
            }
        }

        return new DenseMatrix(weights, _rows.Type, Rows, Columns);
    }

    /// <inheritdoc/>
    public override ColumnOrder Order(MatrixKernels kernels) => kernels.OrderOf(_rows.Type);

    /// <inheritdoc/>
    public override void Multiply(MatrixKernels kernels, int firstRow, int rows, float* x, float* y) => kernels.Multiply(_rows, firstRow, rows, x, y);

    /// <inheritdoc/>
    public override void Expand(MatrixKernels kernels, int row, float* target) => kernels.Expand(_rows, row, target);

    /// <inheritdoc/>
    public override void Read(int row, float* target)
    {
        float* padded = stackalloc float[MatrixKernels.Block];
        byte* values = _rows.ValuesOf(row);
        for (int i = 0; i < Columns; i += MatrixKernels.Block)
        {
            values = ScalarKernels.ExpandWord(_rows, row, i / MatrixKernels.Block, values, padded);
            int count = Math.Min(MatrixKernels.Block, Columns - i);
            new ReadOnlySpan<float>(padded, count).CopyTo(new Span<float>(target + i, count));
        }
    }
}
