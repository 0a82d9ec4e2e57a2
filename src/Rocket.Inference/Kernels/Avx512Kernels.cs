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

    // Bytes of values of 16 bits that are read at once.
    private const int Read = Block * sizeof(ushort);

    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.VL.IsSupported && Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override string Name => "AVX-512";

    /// <inheritdoc/>
    public override bool SpreadsInRegisters(TensorType type) => true;

    /// <inheritdoc/>
    public override ColumnOrder OrderOf(TensorType type) => type == TensorType.F32 ? ColumnOrder.AsStored : ColumnOrder.EvenFirst;

    /// <inheritdoc/>
    public override void Arrange(float* x, int columns, ColumnOrder order, float* target)
    {
        if (order == ColumnOrder.AsStored)
        {
            base.Arrange(x, columns, order, target);
            return;
        }

        Vector512<int> even = Vector512<int>.Indices << 1;
        Vector512<int> odd = even + Vector512<int>.One;
        for (int i = 0; i < columns; i += Block)
        {
            Vector512<float> first = LoadPart(MaskOf(columns - i), x + i);
            Vector512<float> second = LoadPart(MaskOf(Math.Max(0, columns - i - Lanes)), x + i + Lanes);
            Avx512F.PermuteVar16x32x2(first, even, second).Store(target + i);
            Avx512F.PermuteVar16x32x2(first, odd, second).Store(target + i + Lanes);
        }
    }

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
        for (int i = 0; i < columns; i += Block)
        {
            Store<T>(columns - i >= Block ? Vector512.Load((ushort*)source + i) : LoadRest((ushort*)source + i, columns - i), target + i);
        }
    }

    private static void ExpandSparse<T>(in SparseRows matrix, int row, float* target)
        where T : struct, IElements512
    {
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        for (int word = 0; word * Block < matrix.Columns; word++)
        {
            uint bits = SparseRows.Word(mask, word, matrix.Stride);
            Store<T>(ExpandAny(values, matrix.End, bits), target + (word * Block));
            values += BytesOf(bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<ushort> weights, float* target)
        where T : struct, IElements512
    {
        T.Even(weights).Store(target);
        T.Odd(weights).Store(target + Lanes);
    }

    // At the end of the values only those that are there are read.
    private static Vector512<ushort> ExpandAny(byte* values, byte* end, uint bits)
    {
        Vector512<ushort> lanes = Lanes512.OfWord(Vector512.Create(bits).AsByte(), Vector512.Load(WordLanes.OfFirst), Vector512.Load(WordLanes.Bits));
        if (end - values >= Read)
        {
            return Lanes512.Expand(values, bits, lanes);
        }

        byte* copy = stackalloc byte[Read];
        new ReadOnlySpan<byte>(values, (int)(end - values)).CopyTo(new Span<byte>(copy, Read));
        return Lanes512.Expand(copy, bits, lanes);
    }

    // Reads so many of 32 weights and nothing else. No call: one in a loop's method makes the sums live in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> LoadRest(ushort* weights, int count)
        => Avx512BW.MaskLoad(weights, Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count)), Vector512<ushort>.Zero);

    // Mask bits of the columns 16 index and up; nothing behind the row is read.
    private static uint HalfWord(byte* mask, int index, int stride)
        => (2 * index) + 1 < stride ? ((ushort*)mask)[index] : mask[2 * index];
}
