using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>The inner loops over weights, for one instruction set. Sums are float32; a row's sum does not depend on the rows computed with it.</summary>
internal abstract unsafe class MatrixKernels
{
    /// <summary>Columns that are read at once: inputs are padded with zeros to a multiple of it.</summary>
    public const int Block = 32;

    /// <summary>Columns of a panel that are multiplied before the next ones are unpacked; a multiple of <see cref="Block"/>.</summary>
    public const int Depth = 384;

    /// <summary>Name of the instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>Rows of a matrix in a panel.</summary>
    public abstract int PanelWidth { get; }

    /// <summary>Whether 16-bit weights want an input in which, in every block, elements of even index come before those of odd index.</summary>
    protected abstract bool SplitsPairs { get; }

    /// <summary>Floats of an arranged input.</summary>
    public static int Padded(int columns) => (columns + Block - 1) / Block * Block;

    /// <summary>Whether two types want the same arrangement of an input.</summary>
    public bool AreArrangedAlike(TensorType first, TensorType second) => IsSplit(first) == IsSplit(second);

    /// <summary>Writes an input in the order in which weights of a type are read, padded with zeros.</summary>
    /// <param name="x">The input, <c>[columns]</c>.</param>
    /// <param name="target">Room for <see cref="Padded"/> floats.</param>
    public void Arrange(float* x, int columns, TensorType type, float* target)
    {
        var padded = new Span<float>(target, Padded(columns));
        if (!IsSplit(type))
        {
            new ReadOnlySpan<float>(x, columns).CopyTo(padded);
            padded[columns..].Clear();
            return;
        }

        padded[(columns / Block * Block)..].Clear();
        for (int i = 0; i < columns; i++)
        {
            target[(i & ~(Block - 1)) + ((i & (Block - 1)) >> 1) + ((i & 1) * (Block / 2))] = x[i];
        }
    }

    /// <summary>y[i] = row i . x for some rows.</summary>
    /// <param name="x">The input, arranged.</param>
    /// <param name="y">Result of row 0.</param>
    public abstract void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y);

    /// <inheritdoc cref="Multiply(in DenseRows, int, int, float*, float*)"/>
    public abstract void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y);

    /// <summary>Part of a row in float32.</summary>
    public abstract void Expand(in DenseRows matrix, int row, int column, int count, float* target);

    /// <summary>Part of a row in float32, zeros included.</summary>
    /// <param name="column">A multiple of <see cref="Block"/>.</param>
    /// <param name="values">The stored elements from <paramref name="column"/> on.</param>
    /// <returns>The stored elements behind the part.</returns>
    public abstract byte* Expand(in SparseRows matrix, int row, int column, int count, byte* values, float* target);

    /// <summary>Transposes rows into a panel: <c>panel[c * PanelWidth + r] = rows[r * stride + c]</c>; missing rows are zeros.</summary>
    public abstract void Transpose(float* rows, nint stride, int height, int columns, float* panel);

    /// <summary>c = a panel, or c += a panel: a <c>[rows, depth]</c>, panel <c>[depth, PanelWidth]</c>, c <c>[rows, PanelWidth]</c>.</summary>
    public abstract void MultiplyPanel(float* a, nint aStride, int rows, float* panel, int depth, float* c, nint cStride, bool accumulate);

    private bool IsSplit(TensorType type) => SplitsPairs && type != TensorType.F32;
}
