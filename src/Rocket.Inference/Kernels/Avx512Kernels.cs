using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX-512 with VBMI2: one instruction moves stored values to their columns.</summary>
internal sealed unsafe partial class Avx512Kernels : VectorKernels
{
    private const int RowsAtOnce = 4;

    // Values are read 64 bytes at once.
    private const int Read = 64;

    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512Vbmi2.IsSupported && Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override string Name => "AVX-512";

    /// <inheritdoc/>
    protected override bool SplitsPairs => true;

    /// <inheritdoc/>
    public override void Multiply(in DenseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplyTile(x, 0, 1, (float*)matrix.Row(firstRow), matrix.Columns, rows, matrix.Columns, y + firstRow, 0);
                break;
            case TensorType.F16:
                MultiplyDense<F16Elements512>(matrix.Row(firstRow), matrix.Columns, rows, x, y + firstRow);
                break;
            default:
                MultiplyDense<BF16Elements512>(matrix.Row(firstRow), matrix.Columns, rows, x, y + firstRow);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplySingles(matrix, firstRow, rows, x, y);
                break;
            case TensorType.F16:
                MultiplySparse<F16Elements512>(matrix, firstRow, rows, x, y);
                break;
            default:
                MultiplySparse<BF16Elements512>(matrix, firstRow, rows, x, y);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Expand(in DenseRows matrix, int row, float* target)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                Arrange((float*)matrix.Row(row), matrix.Columns, split: false, target);
                break;
            case TensorType.F16:
                ExpandDense<F16Elements512>(matrix.Row(row), matrix.Columns, target);
                break;
            default:
                ExpandDense<BF16Elements512>(matrix.Row(row), matrix.Columns, target);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Expand(in SparseRows matrix, int row, float* target)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                base.Expand(matrix, row, target);
                break;
            case TensorType.F16:
                ExpandSparse<F16Elements512>(matrix, row, target);
                break;
            default:
                ExpandSparse<BF16Elements512>(matrix, row, target);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Arrange(float* x, int columns, bool split, float* target)
    {
        int whole = split ? columns / Block * Block : 0;
        Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        for (int i = 0; i < whole; i += Block)
        {
            Vector512<float> first = Vector512.Load(x + i);
            Vector512<float> second = Vector512.Load(x + i + 16);
            Avx512F.PermuteVar16x32x2(first, even, second).Store(target + i);
            Avx512F.PermuteVar16x32x2(first, even + Vector512<int>.One, second).Store(target + i + 16);
        }

        if (whole < columns)
        {
            base.Arrange(x + whole, columns - whole, split, target + whole);
        }
    }

    private static void ExpandDense<T>(byte* source, int columns, float* target)
        where T : struct, IElements512
    {
        int i = 0;
        for (; i + Block <= columns; i += Block)
        {
            Store<T>(Vector512.Load((uint*)(source + (i * sizeof(ushort)))), target + i);
        }

        if (i < columns)
        {
            Store<T>(Lanes512.ExpandExactly(source + (i * sizeof(ushort)), (1u << (columns - i)) - 1), target + i);
        }
    }

    private static void ExpandSparse<T>(in SparseRows matrix, int row, float* target)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        byte* lastRead = matrix.End - Read;
        int stride = matrix.Stride;
        for (int word = 0; word * sizeof(uint) < stride; word++)
        {
            uint bits = SparseRows.Word(mask, word, stride);
            Store<T>(values <= lastRead ? Lanes512.Expand(values, bits) : Lanes512.ExpandExactly(values, bits), target + (word * Block));
            values += BytesOf(bits);
        }
    }

    private static void Store<T>(Vector512<uint> pairs, float* target)
        where T : struct, IElements512
    {
        T.Even(pairs).Store(target);
        T.Odd(pairs).Store(target + 16);
    }
}
