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
    public override bool SpreadsInRegisters(TensorType type) => true;

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                MultiplySparse<Singles>(matrix, firstRow, rows, x, y);
                break;
            case TensorType.F16:
                MultiplySparse<Halves>(matrix, firstRow, rows, x, y);
                break;
            default:
                MultiplySparse<BFloats>(matrix, firstRow, rows, x, y);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Expand(in SparseRows matrix, int row, float* target)
    {
        switch (matrix.Type)
        {
            case TensorType.F32:
                ExpandSparse<Singles>(matrix, row, target);
                break;
            case TensorType.F16:
                ExpandSparse<Halves>(matrix, row, target);
                break;
            default:
                ExpandSparse<BFloats>(matrix, row, target);
                break;
        }
    }

    private static void MultiplySparse<T>(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
        where T : struct, ISpread
    {
        int stride = matrix.Stride;
        byte* lastRead = matrix.End - (Lanes * T.Size);
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            // What a row reads behind its values are the values of the next ones, but for the last rows.
            y[row] = matrix.ValuesOf(row + 1) > lastRead
                ? MultiplyLast<T>(matrix.MaskOf(row), stride, matrix.ValuesOf(row), matrix.End, x)
                : MultiplyRow<T>(matrix.MaskOf(row), stride, matrix.ValuesOf(row), x);
        }
    }

    private static float MultiplyRow<T>(byte* mask, int stride, byte* values, float* x)
        where T : struct, ISpread
    {
        Vector256<float> even = default, odd = default;
        int i = 0;
        for (; i + 2 <= stride; i += 2)
        {
            nint bits = mask[i];
            Sse.Prefetch0(values + PrefetchDistance);
            even = Fma.MultiplyAdd(T.Spread(values, bits), Vector256.Load(x), even);
            values += T.Size * (nint)BitOperations.PopCount((uint)bits);
            bits = mask[i + 1];
            odd = Fma.MultiplyAdd(T.Spread(values, bits), Vector256.Load(x + Lanes), odd);
            values += T.Size * (nint)BitOperations.PopCount((uint)bits);
            x += 2 * Lanes;
        }

        if (i < stride)
        {
            even = Fma.MultiplyAdd(T.Spread(values, mask[i]), Vector256.Load(x), even);
        }

        return Vector256.Sum(even + odd);
    }

    private static float MultiplyLast<T>(byte* mask, int stride, byte* values, byte* end, float* x)
        where T : struct, ISpread
    {
        byte* scratch = stackalloc byte[Lanes * sizeof(float)];
        Vector256<float> sum = default, next = default;
        for (int i = 0; i < stride; i++)
        {
            Vector256<float> weights = T.Spread(Readable<T>(values, end, scratch), mask[i]);
            (sum, next) = (next, Fma.MultiplyAdd(weights, Vector256.Load(x + (Lanes * i)), sum));
            values += T.Size * BitOperations.PopCount(mask[i]);
        }

        return Vector256.Sum(sum + next);
    }

    private static void ExpandSparse<T>(in SparseRows matrix, int row, float* target)
        where T : struct, ISpread
    {
        byte* scratch = stackalloc byte[Lanes * sizeof(float)];
        byte* mask = matrix.MaskOf(row);
        byte* values = matrix.ValuesOf(row);
        byte* end = matrix.End;
        int stride = matrix.Stride;
        for (int i = 0; i < stride; i++)
        {
            T.Spread(Readable<T>(values, end, scratch), mask[i]).Store(target + (Lanes * i));
            values += T.Size * BitOperations.PopCount(mask[i]);
        }

        new Span<float>(target + (Lanes * stride), Padded(matrix.Columns) - (Lanes * stride)).Clear();
    }

    // At the end of the values only those that are there are read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Readable<T>(byte* values, byte* end, byte* scratch)
        where T : struct, ISpread
    {
        if (end - values >= Lanes * T.Size)
        {
            return values;
        }

        new ReadOnlySpan<byte>(values, (int)(end - values)).CopyTo(new Span<byte>(scratch, Lanes * T.Size));
        return scratch;
    }

    private static Vector256<float> FromHalf(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<uint> finite = (magnitude.AsSingle() * Vector256.Create(HalfBits.Rebias)).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(HalfBits.FirstSpecial));
        Vector256<uint> value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(HalfBits.Exponent), finite);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    // Brings eight stored elements of a type to the columns of the set bits, with zeros elsewhere.
    private interface ISpread
    {
        static abstract int Size { get; }

        static abstract Vector256<float> Spread(byte* values, nint bits);
    }

    private readonly struct BFloats : ISpread
    {
        public static int Size => sizeof(ushort);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Spread(byte* values, nint bits)
            => Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(values), Vector256.Load(ExpansionTable.Wide + (bits * ExpansionTable.WideBytes))).AsSingle();
    }

    private readonly struct Halves : ISpread
    {
        public static int Size => sizeof(ushort);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Spread(byte* values, nint bits)
        {
            Vector128<byte> spread = Ssse3.Shuffle(Vector128.Load(values), Vector128.Load(ExpansionTable.Pointer + (bits * ExpansionTable.Bytes)));
            return FromHalf(Avx2.ConvertToVector256Int32(spread.AsUInt16()).AsUInt32());
        }
    }

    private readonly struct Singles : ISpread
    {
        public static int Size => sizeof(float);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Spread(byte* values, nint bits) => ToColumns(Vector256.Load((float*)values), (int)bits);
    }
}
