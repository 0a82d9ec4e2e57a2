using Rocket.Inference.Kernels;

namespace Rocket.Inference.Weights;

/// <summary>A matrix that a kernel multiplies an input with.</summary>
internal abstract unsafe class WeightMatrix
{
    /// <summary>Length of an output.</summary>
    public abstract int Rows { get; }

    /// <summary>Length of an input.</summary>
    public abstract int Columns { get; }

    /// <summary>Bytes that one product reads.</summary>
    public abstract long ByteLength { get; }

    /// <summary>The order in which products take the columns of a block.</summary>
    public abstract ColumnOrder Order(MatrixKernels kernels);

    /// <summary>y[i] = row i . x for some rows; x is arranged in the matrix's order.</summary>
    public abstract void Multiply(MatrixKernels kernels, int firstRow, int rows, float* x, float* y);

    /// <summary>A row in float32, padded with zeros and in the matrix's order.</summary>
    public abstract void Expand(MatrixKernels kernels, int row, float* target);

    /// <summary>A row in float32, not padded, with the same bits for every instruction set.</summary>
    public abstract void Read(int row, float* target);
}
