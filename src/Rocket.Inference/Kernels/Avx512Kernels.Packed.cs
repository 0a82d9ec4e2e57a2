using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>
/// Rows of codes. A byte shuffle and shifts bring 16 codes of any width, from any bit on, to lanes; 64 at once where a row begins with a byte. Up to 5 bits their values come
/// out of a table of the group's levels, which stays in registers. The sums are those of the expanded row, so tiles give the same bits.
/// </content>
internal sealed unsafe partial class Avx512Kernels
{
    // What a row may read behind its last code.
    private const int CodesBehind = 64;

    /// <inheritdoc/>
    public override void Multiply(in PackedRows matrix, int firstRow, int rows, float* x, float* y)
    {
        int groups = matrix.Groups;
        int last = firstRow + rows;
        int whole = matrix.ReadableEnd(firstRow, rows, Block, CodesBehind);
        int rowsAtOnce = Math.Max(1, PackedRows.GroupsAtOnce / groups);
        int room = (rowsAtOnce * groups) + Lanes;
        float* scales = stackalloc float[whole > firstRow ? 2 * room : 0];
        byte* zeros = stackalloc byte[whole > firstRow ? room : 0];
        for (int row = firstRow; row < whole; row += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, whole - row);
            ReadGroups(matrix, matrix.GroupsBefore(row), count * groups, scales, scales + room, zeros);
            if (matrix.Bits <= 4)
            {
                MultiplyCodes<CodesOf4Bits512>(matrix, row, count, scales, scales + room, zeros, x, y + row);
            }
            else if (matrix.Bits == 5)
            {
                MultiplyCodes<CodesOf5Bits512>(matrix, row, count, scales, scales + room, zeros, x, y + row);
            }
            else
            {
                MultiplyCodes<CodesOf8Bits512>(matrix, row, count, scales, scales + room, zeros, x, y + row);
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
        if (matrix.GroupSize % Lanes != 0)
        {
            base.Expand(matrix, row, target);
            return;
        }

        byte* scratch = stackalloc byte[CodeTable.Bytes];
        byte* table = CodeTable.Of(matrix.Bits);
        byte* end = (byte*)matrix.Codes + matrix.CodeBytes;
        byte* mask = matrix.Mask == 0 ? null : matrix.MaskOf(row);
        int stride = matrix.Stride;
        Vector512<uint> largest = Vector512.Create(matrix.LargestCode);
        long bit = matrix.CodesBefore(row) * matrix.Bits;
        long group = matrix.GroupsBefore(row);
        int i = 0;
        while (i < matrix.Columns)
        {
            Vector512<float> scale = Vector512.Create(matrix.Scale(group));
            Vector512<float> offset = -(Vector512.Create((float)matrix.Zero(group++)) * scale);
            int last = Math.Min(i + matrix.GroupSize, matrix.Columns);
            for (; i < last; i += Lanes)
            {
                uint stored = mask is not null ? HalfWord(mask, i / Lanes, stride) : last - i >= Lanes ? 0xFFFF : (1u << (last - i)) - 1;
                byte* codes = CodeTable.Readable((byte*)matrix.Codes + (bit >> 3), end, scratch);
                Vector512<float> values = CodesOf8Bits512.Of(Unpack(codes, table + ((bit & 7) * CodeTable.EntryBytes)), largest, scale, offset);
                ToColumns(values, Lanes512.Of16(stored)).Store(target + i);
                bit += BitOperations.PopCount(stored) * matrix.Bits;
            }
        }

        new Span<float>(target + i, Padded(matrix.Columns) - i).Clear();
    }

    // Scales in float32, zero points, and what scales make of them: a value is code * scale + offset.
    private static void ReadGroups(in PackedRows matrix, long first, int count, float* scales, float* offsets, byte* zeroPoints)
    {
        byte* scratch = stackalloc byte[CodeTable.Bytes];
        byte* table = CodeTable.Of(matrix.Bits);
        byte* end = (byte*)matrix.Zeros + matrix.ZeroBytes;
        ushort* halves = (ushort*)matrix.Scales + first;
        long bit = first * matrix.Bits;
        Vector512<uint> largest = Vector512.Create(matrix.LargestCode);
        for (int i = 0; i < count; i += Lanes)
        {
            Vector512<float> scale = F16Elements512.ToSingle(LoadHalves(halves + i, Math.Min(Lanes, count - i)));
            byte* zeros = CodeTable.Readable((byte*)matrix.Zeros + (bit >> 3), end, scratch);
            Vector512<uint> zero = Unpack(zeros, table + ((bit & 7) * CodeTable.EntryBytes)) & largest;
            scale.Store(scales + i);
            (-(Avx512F.ConvertToVector512Single(zero.AsInt32()) * scale)).Store(offsets + i);
            Avx512F.ConvertToVector128Byte(zero).Store(zeroPoints + i);
            bit += Lanes * matrix.Bits;
        }
    }

    // Reads so many and nothing else.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> LoadHalves(ushort* halves, int count)
    {
        Vector256<ushort> mask = Vector256.LessThan(Vector256<ushort>.Indices, Vector256.Create((ushort)count));
        return Avx512F.ConvertToVector512UInt32(Avx512BW.VL.MaskLoad(halves, mask, Vector256<ushort>.Zero));
    }

    private static void MultiplyCodes<T>(in PackedRows matrix, int firstRow, int rows, float* scales, float* offsets, byte* zeros, float* x, float* y)
        where T : struct, ICodeValues512
    {
        Vector512<float> levels = Avx512F.ConvertToVector512Single((Vector512<uint>.Indices & Vector512.Create(matrix.LargestCode)).AsInt32());
        int words = Padded(matrix.Columns) / Block;
        int wordsOfGroup = matrix.GroupSize / Block;
        long bit = matrix.CodesBefore(firstRow) * matrix.Bits;
        if (matrix.Mask == 0 && Avx512Vbmi.IsSupported && matrix.Bits <= CodeTable.MostWordBits && matrix.Columns * matrix.Bits % 8 == 0)
        {
            MultiplyWords<T>((byte*)matrix.Codes + (bit >> 3), matrix.Bits, matrix.Columns, words, wordsOfGroup, levels, scales, offsets, rows, x, y);
        }
        else if (matrix.Mask == 0 && matrix.Bits == 8)
        {
            MultiplyBytes((byte*)matrix.Codes + (bit >> 3), matrix.Columns, words, wordsOfGroup, scales, offsets, rows, x, y);
        }
        else if (matrix.Mask == 0)
        {
            MultiplyAll<T>((byte*)matrix.Codes, bit, matrix.Bits, matrix.Columns, words, wordsOfGroup, levels, scales, offsets, rows, x, y);
        }
        else if (Avx512Vbmi2.IsSupported && wordsOfGroup % 2 == 0)
        {
            MultiplyMarkedBytes<T>(
                matrix.MaskOf(firstRow), matrix.Stride, (byte*)matrix.Codes, bit, matrix.Bits, words, wordsOfGroup, levels, scales, offsets, zeros, rows, x, y);
        }
        else
        {
            MultiplyMarked<T>(matrix.MaskOf(firstRow), matrix.Stride, (byte*)matrix.Codes, bit, matrix.Bits, words, wordsOfGroup, levels, scales, offsets, rows, x, y);
        }
    }

    private static void MultiplyMarked<T>(
        byte* mask, int stride, byte* codes, long bit, int bits, int words, int wordsOfGroup, Vector512<float> levels, float* scales, float* offsets, int rows, float* x, float* y)
        where T : struct, ICodeValues512
    {
        byte* table = CodeTable.Of(bits);
        Vector512<uint> largest = Vector512.Create((1u << bits) - 1);
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default;
            int word = 0;
            while (word < words)
            {
                T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out Vector512<float> first, out Vector512<float> second);
                int end = Math.Min(word + wordsOfGroup, words);
                for (; word < end; word++)
                {
                    uint marks = SparseRows.Word(mask, word, stride);
                    Vector512<uint> marks32 = Vector512.Create(marks);
                    float* input = x + ((nint)word * Block);
                    byte* at = codes + (bit >> 3);
                    Sse.Prefetch0(at + PrefetchDistance);
                    Vector512<float> values = T.Of(Unpack(at, table + ((bit & 7) * CodeTable.EntryBytes)), largest, first, second);
                    even = Vector512.FusedMultiplyAdd(ToColumns(values, Lanes512.Low(marks32)), Vector512.Load(input), even);
                    long next = bit + (BitOperations.PopCount(marks & 0xFFFF) * bits);
                    values = T.Of(Unpack(codes + (next >> 3), table + ((next & 7) * CodeTable.EntryBytes)), largest, first, second);
                    odd = Vector512.FusedMultiplyAdd(ToColumns(values, Lanes512.High(marks32)), Vector512.Load(input + Lanes), odd);
                    bit += BitOperations.PopCount(marks) * bits;
                }
            }

            y[row] = Sums512.OfOne(even + odd);
            mask += stride;
        }
    }

    // Codes in the low bits of 16 lanes; what lies above them belongs to their neighbours.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Unpack(byte* codes, Vector512<byte> shuffle, Vector512<uint> shift)
    {
        Vector512<byte> everywhere = Avx512F.BroadcastVector128ToVector512((uint*)codes).AsByte();
        return Avx512F.ShiftRightLogicalVariable(Avx512BW.Shuffle(everywhere, shuffle).AsUInt32(), shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Unpack(byte* codes, byte* entry)
        => Unpack(codes, Vector512.Load(entry), Vector512.Load((uint*)(entry + CodeTable.ShuffleBytes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToColumns(Vector512<float> packed, Vector512<uint> lanes)
        => Avx512F.Expand(Vector512<uint>.Zero, lanes, packed.AsUInt32()).AsSingle();
}
