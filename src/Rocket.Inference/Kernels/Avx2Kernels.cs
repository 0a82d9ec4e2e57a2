using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX2 and FMA: stored values are moved to their columns by byte shuffles from a table.</summary>
internal sealed unsafe partial class Avx2Kernels : VectorKernels
{
    // A page ahead: the processor's own prefetching stops where a page does. Prefetching never faults.
    private const int PrefetchDistance = 4096;

    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count;

    /// <inheritdoc/>
    public override string Name => "AVX2";

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        if (matrix.Type == TensorType.F32)
        {
            base.Multiply(matrix, firstRow, rows, x, y);
            return;
        }

        int stride = matrix.Stride;
        byte* lastRead = matrix.End - ExpansionTable.Bytes;
        bool isHalf = matrix.Type == TensorType.F16;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);

            // What a row reads behind its values are the values of the next ones, but for the last rows.
            y[row] = matrix.ValuesOf(row + 1) > lastRead ? MultiplyLast(mask, stride, values, matrix.End, x, isHalf)
                : isHalf ? MultiplyRow<True>(mask, stride, values, x)
                : MultiplyRow<False>(mask, stride, values, x);
        }
    }

    private static float MultiplyRow<THalf>(byte* mask, int stride, byte* values, float* x)
        where THalf : struct, IFlag
    {
        byte* table = ExpansionTable.Pointer;
        Vector256<float> even = default, odd = default;
        int i = 0;
        for (; i + 2 <= stride; i += 2)
        {
            nint bits = mask[i];
            Sse.Prefetch0(values + PrefetchDistance);
            even = Fma.MultiplyAdd(Expand(values, table + (bits * ExpansionTable.Bytes), THalf.Value), Vector256.Load(x), even);
            values += 2 * (nint)BitOperations.PopCount((uint)bits);
            bits = mask[i + 1];
            odd = Fma.MultiplyAdd(Expand(values, table + (bits * ExpansionTable.Bytes), THalf.Value), Vector256.Load(x + 8), odd);
            values += 2 * (nint)BitOperations.PopCount((uint)bits);
            x += 16;
        }

        if (i < stride)
        {
            even = Fma.MultiplyAdd(Expand(values, table + (mask[i] * ExpansionTable.Bytes), THalf.Value), Vector256.Load(x), even);
        }

        return Vector256.Sum(even + odd);
    }

    private static float MultiplyLast(byte* mask, int stride, byte* values, byte* end, float* x, bool isHalf)
    {
        byte* scratch = stackalloc byte[ExpansionTable.Bytes];
        Vector256<float> sum = default, next = default;
        for (int i = 0; i < stride; i++)
        {
            byte* readable = ExpansionTable.Readable(values, end, scratch);
            Vector256<float> weights = Expand(readable, ExpansionTable.Pointer + (mask[i] * ExpansionTable.Bytes), isHalf);
            (sum, next) = (next, Fma.MultiplyAdd(weights, Vector256.Load(x + (8 * i)), sum));
            values += 2 * BitOperations.PopCount(mask[i]);
        }

        return Vector256.Sum(sum + next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Expand(byte* values, byte* shuffle, bool isHalf)
    {
        Vector128<ushort> spread = Ssse3.Shuffle(Vector128.Load(values), Vector128.Load(shuffle)).AsUInt16();
        Vector256<uint> wide = Avx2.ConvertToVector256Int32(spread).AsUInt32();
        return isHalf ? FromHalf(wide) : (wide << 16).AsSingle();
    }

    private static Vector256<float> FromHalf(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<uint> finite = (magnitude.AsSingle() * Vector256.Create(HalfBits.Rebias)).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(HalfBits.FirstSpecial));
        Vector256<uint> value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(HalfBits.Exponent), finite);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    private interface IFlag
    {
        static abstract bool Value { get; }
    }

    private readonly struct True : IFlag
    {
        public static bool Value => true;
    }

    private readonly struct False : IFlag
    {
        public static bool Value => false;
    }
}
