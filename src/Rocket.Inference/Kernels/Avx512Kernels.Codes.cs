using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Products of rows of codes of which all are stored.</content>
internal sealed unsafe partial class Avx512Kernels
{
    private static void MultiplyWords<T>(
        byte* codes, int bits, int columns, int words, int wordsOfGroup, Vector512<float> levels, float* scales, float* offsets, int rows, float* x, float* y)
        where T : struct, ICodeValues512
    {
        byte* entry = CodeTable.OfWords(bits);
        Vector512<byte> permutation = Vector512.Load(entry);
        Vector512<byte> places = Vector512.Load(entry + CodeTable.ShuffleBytes);
        Vector512<uint> largest = Vector512.Create((1u << bits) - 1);
        nint stride = (nint)columns * bits / 8;
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default, first = default, second = default;
            byte* at = codes;
            float* input = x;
            float* whole = x + ((nint)(words / 2) * CodeTable.WordCodes);
            int left = 0;
            for (; input < whole; input += CodeTable.WordCodes)
            {
                Sse.Prefetch0(at + PrefetchDistance);
                Vector512<uint> four = Avx512Vbmi.MultiShift(places, Avx512Vbmi.PermuteVar64x8(Vector512.Load(at), permutation).AsUInt64()).AsUInt32();
                at += 8 * bits;
                if (left == 0)
                {
                    T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out first, out second);
                    left = wordsOfGroup;
                }

                even = Vector512.FusedMultiplyAdd(T.Of(four, largest, first, second), Vector512.Load(input), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 8, largest, first, second), Vector512.Load(input + Lanes), odd);

                // A group that ends within the 64 codes: of 32 or 96 columns.
                if (left == 1)
                {
                    T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out first, out second);
                    left = wordsOfGroup + 1;
                }

                left -= 2;
                even = Vector512.FusedMultiplyAdd(T.Of(four >> 16, largest, first, second), Vector512.Load(input + Block), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 24, largest, first, second), Vector512.Load(input + Block + Lanes), odd);
            }

            if (words % 2 != 0)
            {
                Vector512<uint> four = Avx512Vbmi.MultiShift(places, Avx512Vbmi.PermuteVar64x8(Vector512.Load(at), permutation).AsUInt64()).AsUInt32();
                if (left == 0)
                {
                    T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out first, out second);
                }

                even = Vector512.FusedMultiplyAdd(T.Of(four, largest, first, second), Vector512.Load(input), even);
                odd = Vector512.FusedMultiplyAdd(T.Of(four >> 8, largest, first, second), Vector512.Load(input + Lanes), odd);
            }

            y[row] = Sums512.OfOne(even + odd);
            codes += stride;
        }
    }

    private static void MultiplyBytes(byte* codes, int columns, int words, int wordsOfGroup, float* scales, float* offsets, int rows, float* x, float* y)
    {
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> even = default, odd = default;
            byte* at = codes;
            float* input = x;
            int left = words;
            while (left > 0)
            {
                Vector512<float> scale = Vector512.Create(*scales++);
                Vector512<float> offset = Vector512.Create(*offsets++);
                float* end = input + ((nint)Math.Min(left, wordsOfGroup) * Block);
                left -= wordsOfGroup;
                for (; input < end; input += Block)
                {
                    Sse.Prefetch0(at + PrefetchDistance);
                    Vector512<float> values = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(at)));
                    even = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(values, scale, offset), Vector512.Load(input), even);
                    values = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(at + Lanes)));
                    odd = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(values, scale, offset), Vector512.Load(input + Lanes), odd);
                    at += Block;
                }
            }

            y[row] = Sums512.OfOne(even + odd);
            codes += columns;
        }
    }

    private static void MultiplyAll<T>(
        byte* codes, long bit, int bits, int columns, int words, int wordsOfGroup, Vector512<float> levels, float* scales, float* offsets, int rows, float* x, float* y)
        where T : struct, ICodeValues512
    {
        byte* table = CodeTable.Of(bits);
        Vector512<uint> largest = Vector512.Create((1u << bits) - 1);
        nint half = 2 * bits;
        for (int row = 0; row < rows; row++)
        {
            // Sixteen codes are whole bytes: what holds for the first of a row holds for all of it.
            byte* entry = table + ((bit & 7) * CodeTable.EntryBytes);
            Vector512<byte> shuffle = Vector512.Load(entry);
            Vector512<uint> shift = Vector512.Load((uint*)(entry + CodeTable.ShuffleBytes));
            Vector512<float> even = default, odd = default;
            byte* at = codes + (bit >> 3);
            float* input = x;
            int left = words;
            while (left > 0)
            {
                T.Prepare(levels, Vector512.Create(*scales++), Vector512.Create(*offsets++), out Vector512<float> first, out Vector512<float> second);
                float* end = input + ((nint)Math.Min(left, wordsOfGroup) * Block);
                left -= wordsOfGroup;
                for (; input < end; input += Block)
                {
                    Sse.Prefetch0(at + PrefetchDistance);
                    even = Vector512.FusedMultiplyAdd(T.Of(Unpack(at, shuffle, shift), largest, first, second), Vector512.Load(input), even);
                    odd = Vector512.FusedMultiplyAdd(T.Of(Unpack(at + half, shuffle, shift), largest, first, second), Vector512.Load(input + Lanes), odd);
                    at += 2 * half;
                }
            }

            y[row] = Sums512.OfOne(even + odd);
            bit += (long)columns * bits;
        }
    }
}
