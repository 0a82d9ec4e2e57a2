using System.Runtime.InteropServices;
using Rocket.Inference.Kernels;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>A matrix of integer codes, all of them or those that a mask marks, as codes, scales and zero points lie in the memory map.</summary>
internal sealed unsafe class PackedMatrix : WeightMatrix
{
    // Pinned, so that its address stays.
    private readonly int[]? _starts;
    private readonly PackedRows _rows;

    /// <summary>Wraps mapped parts whose sizes were checked.</summary>
    /// <param name="parts">The codes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="mask">Which elements are stored; null: all.</param>
    public PackedMatrix(PackedParts parts, int rows, int columns, StoredElements? mask)
    {
        Rows = rows;
        _starts = mask?.Starts;
        _rows = new PackedRows
        {
            Codes = parts.Codes.Pointer,
            CodeBytes = parts.Codes.ByteLength,
            Scales = parts.Scales.Pointer,
            Zeros = parts.Zeros.Pointer,
            ZeroBytes = parts.Zeros.ByteLength,
            Bits = parts.Quantization.Bits,
            GroupSize = parts.Quantization.GroupSize,
            Columns = columns,
            Mask = mask?.Mask ?? 0,
            Starts = mask is { } stored ? Marshal.UnsafeAddrOfPinnedArrayElement(stored.Starts, 0) : 0,
        };
    }

    private PackedMatrix(PackedRows rows, int count, int[]? starts)
    {
        Rows = count;
        _rows = rows;
        _starts = starts;
    }

    /// <inheritdoc/>
    public override int Rows { get; }

    /// <inheritdoc/>
    public override int Columns => _rows.Columns;

    /// <inheritdoc/>
    public override long ByteLength
    {
        get
        {
            long groups = (long)Rows * _rows.Groups;
            return (_rows.Mask == 0 ? 0 : (long)Rows * _rows.Stride)
                + BitPacking.LengthOf(_rows.CodesBefore(Rows) - _rows.CodesBefore(0), _rows.Bits)
                + (groups * Quantization.ScaleType.ByteSize())
                + BitPacking.LengthOf(groups, _rows.Bits);
        }
    }

    /// <summary>Some of the rows; codes of a row may begin within a byte, so they stay where they are.</summary>
    public PackedMatrix Slice(int first, int count) => new(_rows with { FirstRow = _rows.FirstRow + first }, count, _starts);

    /// <inheritdoc/>
    public override ColumnOrder Order(MatrixKernels kernels) => ColumnOrder.AsStored;

    /// <inheritdoc/>
    public override void Multiply(MatrixKernels kernels, int firstRow, int rows, float* x, float* y) => kernels.Multiply(_rows, firstRow, rows, x, y);

    /// <inheritdoc/>
    public override void Expand(MatrixKernels kernels, int row, float* target) => kernels.Expand(_rows, row, target);

    /// <inheritdoc/>
    public override void Read(int row, float* target)
    {
        new Span<float>(target, Columns).Clear();
        ScalarKernels.ReadCodes(_rows, row, target);
    }
}
