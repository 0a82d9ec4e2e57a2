using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>
/// Products of rows of codes of which a bitmask marks the stored ones, 64 columns at once: while they are bytes, one instruction moves codes to their columns. Where none is
/// stored, the group's zero point takes its place, whose value is exactly zero.
/// </content>
internal sealed unsafe partial class Avx512Kernels
{
    // Byte j of lane i takes byte 16 j + i.
    private static Vector512<uint> ByteOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0x30201000u) + (Vector512<uint>.Indices * 0x01010101u);
    }

    private static void MultiplyMarkedBytes<T>(
        byte* mask,
        int stride,
        byte* codes,
        long bit,
        int bits,
        int words,
        int wordsOfGroup,
        Vector512<float> levels,
        float* scales,
        float* offsets,
        byte* zeros,
        int rows,
        float* x,
        float* y)
        where T : struct, ICodeValues512
    {
        byte* entry = CodeTable.OfBytes(bits);
        Vector512<byte> permutation = Vector512.Load(entry);
        byte* places = entry + CodeTable.ShuffleBytes;
        Vector512<byte> byLane = ByteOfLane.AsByte();
        Vector512<uint> largest = Vector512.Create((1u << bits) - 1);
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default, first = default, second = default;
            Vector512<byte> zero = default;
            float* input = x;
            int left = 0;
            int word = 0;
            for (; word + 1 < words; word += 2)
            {
                byte* at = codes + (bit >> 3);
                Sse.Prefetch0(at + PrefetchDistance);
                ulong marks = SparseRows.DoubleWord(mask, word, stride);
                if (left == 0)
                {
                    T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out first, out second);
                    zero = Vector512.Create(*zeros++);
                    left = wordsOfGroup;
                }

                left -= 2;
                Vector512<uint> four = ToColumns(at, permutation, places + ((bit & 7) * CodeTable.ShuffleBytes), marks, zero, byLane);
                bit += BitOperations.PopCount(marks) * bits;
                even = Vector512.FusedMultiplyAdd(T.Of(four, largest, first, second), Vector512.Load(input), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 8, largest, first, second), Vector512.Load(input + Lanes), odd);
                even = Vector512.FusedMultiplyAdd(T.Of(four >> 16, largest, first, second), Vector512.Load(input + Block), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 24, largest, first, second), Vector512.Load(input + Block + Lanes), odd);
                input += CodeTable.WordCodes;
            }

            if (word < words)
            {
                uint marks = SparseRows.Word(mask, word, stride);
                if (left == 0)
                {
                    T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out first, out second);
                    zero = Vector512.Create(*zeros++);
                }

                Vector512<uint> four = ToColumns(codes + (bit >> 3), permutation, places + ((bit & 7) * CodeTable.ShuffleBytes), marks, zero, byLane);
                bit += BitOperations.PopCount(marks) * bits;
                even = Vector512.FusedMultiplyAdd(T.Of(four, largest, first, second), Vector512.Load(input), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 8, largest, first, second), Vector512.Load(input + Lanes), odd);
            }

            y[row] = Sums512.OfOne(even + odd);
            mask += stride;
        }
    }

    // The code of column 16 j + i in byte j of lane i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ToColumns(byte* codes, Vector512<byte> permutation, byte* places, ulong marks, Vector512<byte> zero, Vector512<byte> byLane)
    {
        Vector512<ulong> eights = Avx512Vbmi.PermuteVar64x8(Vector512.Load(codes), permutation).AsUInt64();
        Vector512<byte> inOrder = Avx512Vbmi.MultiShift(Vector512.Load(places), eights);
        return Avx512Vbmi.PermuteVar64x8(Avx512Vbmi2.Expand(zero, Lanes512.Of64(marks), inOrder), byLane).AsUInt32();
    }
}
