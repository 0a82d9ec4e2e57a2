using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX-512: one instruction moves stored values to their columns.</summary>
internal sealed unsafe partial class Avx512Kernels : VectorKernels
{
    private const int RowsAtOnce = 4;

    private const int Lanes = 16;

    // Bytes of values that are read at once.
    private const int Read = Lanes * sizeof(ushort);

    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.VL.IsSupported && Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override string Name => "AVX-512";

    /// <inheritdoc/>
    public override bool SpreadsInRegisters(TensorType type) => true;

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
                ExpandSingles(matrix, row, target);
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

    private static void ExpandDense<T>(byte* source, int columns, float* target)
        where T : struct, IElements512
    {
        int i = 0;
        for (; i + Lanes <= columns; i += Lanes)
        {
            T.ToSingle(Lanes512.Load(source + (i * sizeof(ushort)))).Store(target + i);
        }

        if (i < columns)
        {
            T.ToSingle(LoadRest(source + (i * sizeof(ushort)), columns - i)).Store(target + i);
            i += Lanes;
        }

        new Span<float>(target + i, Padded(columns) - i).Clear();
    }

    private static void ExpandSparse<T>(in SparseRows matrix, int row, float* target)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        byte* end = matrix.End;
        int stride = matrix.Stride;
        int i = 0;
        for (; i * Lanes < matrix.Columns; i++)
        {
            uint bits = HalfWord(mask, i, stride);
            ExpandAny<T>(values, end, bits).Store(target + (i * Lanes));
            values += BytesOf(bits);
        }

        new Span<float>(target + (i * Lanes), Padded(matrix.Columns) - (i * Lanes)).Clear();
    }

    // At the end of the values only those that are there are read.
    private static Vector512<float> ExpandAny<T>(byte* values, byte* end, uint bits)
        where T : struct, IElements512
    {
        if (end - values >= Read)
        {
            return T.ToSingle(Lanes512.Expand(values, Lanes512.Of16(bits)));
        }

        byte* copy = stackalloc byte[Read];
        new ReadOnlySpan<byte>(values, (int)(end - values)).CopyTo(new Span<byte>(copy, Read));
        return T.ToSingle(Lanes512.Expand(copy, Lanes512.Of16(bits)));
    }

    // Reads so many weights and nothing else. No call: one in a loop's method makes the sums live in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> LoadRest(byte* weights, int count)
    {
        Vector256<ushort> mask = Vector256.LessThan(Vector256<ushort>.Indices, Vector256.Create((ushort)count));
        return Avx512F.ConvertToVector512UInt32(Avx512BW.VL.MaskLoad((ushort*)weights, mask, Vector256<ushort>.Zero));
    }

    // Mask bits of the columns 16 index and up; nothing behind the row is read.
    private static uint HalfWord(byte* mask, int index, int stride)
        => (2 * index) + 1 < stride ? ((ushort*)mask)[index] : mask[2 * index];
}
