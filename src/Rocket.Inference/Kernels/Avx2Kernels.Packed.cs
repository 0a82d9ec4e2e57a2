using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Rows of codes: a byte shuffle and shifts bring 8 codes to lanes, a permutation brings them to their columns.</content>
internal sealed unsafe partial class Avx2Kernels
{
    private const int Lanes = 8;

    // What a row may read behind its last code: its padding, and sixteen bytes at a time.
    private const int CodesBehind = MatrixKernels.Block + CodeTable.Bytes;

    private static Vector256<uint> Bits8
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
    }

    /// <inheritdoc/>
    public override void Multiply(in PackedRows matrix, int firstRow, int rows, float* x, float* y)
    {
        int groups = matrix.Groups;
        int last = firstRow + rows;
        int whole = matrix.ReadableEnd(firstRow, rows, Block, CodesBehind);
        int rowsAtOnce = Math.Max(1, PackedRows.GroupsAtOnce / groups);
        int room = (rowsAtOnce * groups) + Lanes;
        float* scales = stackalloc float[whole > firstRow ? 2 * room : 0];
        for (int row = firstRow; row < whole; row += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, whole - row);
            ReadGroups(matrix, matrix.GroupsBefore(row), count * groups, scales, scales + room);
            for (int r = 0; r < count; r++)
            {
                float* own = scales + (r * groups);
                y[row + r] = matrix.Mask == 0 ? MultiplyAll(matrix, row + r, own, own + room, x) : MultiplyMarked(matrix, row + r, own, own + room, x);
            }
        }

        if (whole < last)
        {
            base.Multiply(matrix, whole, last - whole, x, y);
        }
    }

    /// <inheritdoc/>
    public override void Expand(in PackedRows matrix, int row, float* target)
    {
        byte* scratch = stackalloc byte[CodeTable.Bytes];
        byte* table = CodeTable.Of(matrix.Bits);
        byte* end = (byte*)matrix.Codes + matrix.CodeBytes;
        byte* mask = matrix.Mask == 0 ? null : matrix.MaskOf(row);
        Vector256<uint> largest = Vector256.Create(matrix.LargestCode);
        long bit = matrix.CodesBefore(row) * matrix.Bits;
        long group = matrix.GroupsBefore(row);
        int i = 0;
        while (i < matrix.Columns)
        {
            Vector256<float> scale = Vector256.Create(matrix.Scale(group));
            Vector256<float> offset = -(Vector256.Create((float)matrix.Zero(group++)) * scale);
            int last = Math.Min(i + matrix.GroupSize, matrix.Columns);
            for (; i < last; i += Lanes)
            {
                int stored = mask is not null ? mask[i >> 3] : last - i >= Lanes ? 0xFF : (1 << (last - i)) - 1;
                byte* codes = (byte*)matrix.Codes + (bit >> 3);
                codes = end - codes >= CodeTable.Bytes ? codes : CodeTable.Readable(codes, end, scratch);
                Vector256<float> values = ValuesOf(codes, table + ((bit & 7) * CodeTable.EntryBytes), largest, scale, offset);
                ToColumns(values, stored).Store(target + i);
                bit += BitOperations.PopCount((uint)stored) * matrix.Bits;
            }
        }

        new Span<float>(target + i, Padded(matrix.Columns) - i).Clear();
    }

    // Scales in float32, and what they make of zero points: a value is code * scale + offset.
    private static void ReadGroups(in PackedRows matrix, long first, int count, float* scales, float* offsets)
    {
        for (int i = 0; i < count; i++)
        {
            scales[i] = matrix.Scale(first + i);
            offsets[i] = -(scales[i] * matrix.Zero(first + i));
        }
    }

    // Behind the last column the input is zero, whatever the codes there are.
    private static float MultiplyAll(in PackedRows matrix, int row, float* scales, float* offsets, float* x)
    {
        // Eight codes are whole bytes: what holds for the first of a row holds for all of it.
        long bit = matrix.CodesBefore(row) * matrix.Bits;
        byte* entry = CodeTable.Of(matrix.Bits) + ((bit & 7) * CodeTable.EntryBytes);
        byte* codes = (byte*)matrix.Codes + (bit >> 3);
        int bits = matrix.Bits;
        float* end = x + Padded(matrix.Columns);
        Vector256<uint> largest = Vector256.Create(matrix.LargestCode);
        Vector256<float> even = default, odd = default;
        while (x < end)
        {
            Vector256<float> scale = Vector256.Create(*scales++);
            Vector256<float> offset = Vector256.Create(*offsets++);
            float* last = end - x > matrix.GroupSize ? x + matrix.GroupSize : end;
            for (; x < last; x += 2 * Lanes)
            {
                Sse.Prefetch0(codes + PrefetchDistance);
                even = Fma.MultiplyAdd(ValuesOf(codes, entry, largest, scale, offset), Vector256.Load(x), even);
                odd = Fma.MultiplyAdd(ValuesOf(codes + bits, entry, largest, scale, offset), Vector256.Load(x + Lanes), odd);
                codes += 2 * bits;
            }
        }

        return Vector256.Sum(even + odd);
    }

    private static float MultiplyMarked(in PackedRows matrix, int row, float* scales, float* offsets, float* x)
    {
        byte* mask = matrix.MaskOf(row);
        byte* masksEnd = mask + matrix.Stride;
        byte* table = CodeTable.Of(matrix.Bits);
        byte* codes = (byte*)matrix.Codes;
        long bit = matrix.CodesBefore(row) * matrix.Bits;
        int bits = matrix.Bits;
        nint masksOfGroup = matrix.GroupSize / Lanes;
        Vector256<uint> largest = Vector256.Create(matrix.LargestCode);
        Vector256<float> even = default, odd = default;
        while (mask < masksEnd)
        {
            Vector256<float> scale = Vector256.Create(*scales++);
            Vector256<float> offset = Vector256.Create(*offsets++);
            byte* last = masksEnd - mask > masksOfGroup ? mask + masksOfGroup : masksEnd;
            for (; mask < last; mask++)
            {
                int stored = *mask;
                Vector256<float> values = ToColumns(ValuesOf(codes + (bit >> 3), table + ((bit & 7) * CodeTable.EntryBytes), largest, scale, offset), stored);

                // Eight columns to each sum in turn: a group's number of them is even.
                (even, odd) = (odd, Fma.MultiplyAdd(values, Vector256.Load(x), even));
                bit += BitOperations.PopCount((uint)stored) * bits;
                x += Lanes;
            }
        }

        return Vector256.Sum(even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ValuesOf(byte* codes, byte* entry, Vector256<uint> largest, Vector256<float> scale, Vector256<float> offset)
    {
        Vector256<byte> both = Avx2.BroadcastVector128ToVector256(codes);
        Vector256<uint> pairs = Avx2.Shuffle(both, Vector256.Load(entry)).AsUInt32();
        Vector256<uint> lanes = Avx2.ShiftRightLogicalVariable(pairs, Vector256.Load((uint*)(entry + CodeTable.ShuffleBytes))) & largest;
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(lanes.AsInt32()), scale, offset);
    }

    // Packed elements to the lanes of the set bits, zeros elsewhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToColumns(Vector256<float> packed, int stored)
    {
        Vector256<float> spread = Avx2.PermuteVar8x32(packed, Vector256.Load((int*)LaneTable.Pointer + (stored * Lanes)));
        return (spread.AsUInt32() & Vector256.Equals(Vector256.Create((uint)stored) & Bits8, Bits8)).AsSingle();
    }
}
