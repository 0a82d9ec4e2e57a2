using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Rows of codes: a byte shuffle and shifts bring 8 codes to lanes, a permutation brings them to their columns.</content>
internal sealed unsafe partial class Avx2Kernels
{
    private const int Lanes = 8;

    private static Vector256<uint> Bits8
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
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
                byte* codes = CodeTable.Readable((byte*)matrix.Codes + (bit >> 3), end, scratch);
                Vector256<uint> lanes = Unpack(codes, table + ((bit & 7) * CodeTable.EntryBytes)) & largest;
                Vector256<float> values = Fma.MultiplyAdd(Avx.ConvertToVector256Single(lanes.AsInt32()), scale, offset);
                ToColumns(values, stored).Store(target + i);
                bit += BitOperations.PopCount((uint)stored) * matrix.Bits;
            }
        }

        new Span<float>(target + i, Padded(matrix.Columns) - i).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Unpack(byte* codes, byte* entry)
    {
        Vector256<byte> both = Avx2.BroadcastVector128ToVector256(codes);
        Vector256<uint> pairs = Avx2.Shuffle(both, Vector256.Load(entry)).AsUInt32();
        return Avx2.ShiftRightLogicalVariable(pairs, Vector256.Load((uint*)(entry + CodeTable.ShuffleBytes)));
    }

    // Packed elements to the lanes of the set bits, zeros elsewhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToColumns(Vector256<float> packed, int stored)
    {
        Vector256<float> spread = Avx2.PermuteVar8x32(packed, Vector256.Load((int*)LaneTable.Pointer + (stored * Lanes)));
        return (spread.AsUInt32() & Vector256.Equals(Vector256.Create((uint)stored) & Bits8, Bits8)).AsSingle();
    }
}
