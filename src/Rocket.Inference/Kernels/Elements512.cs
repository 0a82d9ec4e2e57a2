using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>The upper half of a float32.</summary>
internal readonly unsafe struct BF16Elements512 : IElements512
{
    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* source, out Vector512<float> first, out Vector512<float> second)
        => Split(Vector512.Load((uint*)source), out first, out second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expand(byte* source, uint mask, out Vector512<float> first, out Vector512<float> second)
        => Split(Avx512Vbmi2.ExpandLoad((ushort*)source, Lanes512.Of32(mask), Vector512<ushort>.Zero).AsUInt32(), out first, out second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandInOrder(byte* source, uint mask)
        => (Pairs512.InOrder(source, mask) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector512<uint> pairs, out Vector512<float> first, out Vector512<float> second)
    {
        first = (pairs << 16).AsSingle();
        second = (pairs & Vector512.Create(0xFFFF_0000u)).AsSingle();
    }
}

/// <summary>IEEE half.</summary>
internal readonly unsafe struct F16Elements512 : IElements512
{
    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* source, out Vector512<float> first, out Vector512<float> second)
        => Split(Vector512.Load((uint*)source), out first, out second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expand(byte* source, uint mask, out Vector512<float> first, out Vector512<float> second)
        => Split(Avx512Vbmi2.ExpandLoad((ushort*)source, Lanes512.Of32(mask), Vector512<ushort>.Zero).AsUInt32(), out first, out second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandInOrder(byte* source, uint mask)
        => FromHalf(Pairs512.InOrder(source, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector512<uint> pairs, out Vector512<float> first, out Vector512<float> second)
    {
        first = FromHalf(pairs & Vector512.Create(0xFFFFu));
        second = FromHalf(pairs >>> 16);
    }

    // As in the portable kernels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalf(Vector512<uint> half)
    {
        Vector512<uint> magnitude = (half & Vector512.Create(0x7FFFu)) << 13;
        Vector512<uint> finite = (magnitude.AsSingle() * Vector512.Create(HalfBits.Rebias)).AsUInt32();
        Vector512<uint> special = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(HalfBits.FirstSpecial));
        Vector512<uint> value = Vector512.ConditionalSelect(special, magnitude | Vector512.Create(HalfBits.Exponent), finite);
        return (value | ((half & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }
}

/// <summary>Float32.</summary>
internal readonly unsafe struct F32Elements512 : IElements512
{
    /// <inheritdoc/>
    public static int Size => sizeof(float);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* source, out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.Load((float*)source);
        second = Vector512.Load((float*)source + 16);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expand(byte* source, uint mask, out Vector512<float> first, out Vector512<float> second)
    {
        first = ExpandInOrder(source, mask & 0xFFFF);
        second = ExpandInOrder(source + (sizeof(float) * BitOperations.PopCount(mask & 0xFFFF)), mask >> 16);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandInOrder(byte* source, uint mask)
        => Avx512F.ExpandLoad((uint*)source, Lanes512.Of16(mask), Vector512<uint>.Zero).AsSingle();
}

/// <summary>16-bit elements in 32-bit lanes.</summary>
internal static unsafe class Pairs512
{
    /// <summary>Expands the low 16 bits of a mask; reads the stored elements and nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> InOrder(byte* source, uint mask)
    {
        Vector512<ushort> expanded = Avx512Vbmi2.ExpandLoad((ushort*)source, Lanes512.Of32(mask & 0xFFFF), Vector512<ushort>.Zero);
        return Avx512F.ConvertToVector512Int32(expanded.GetLower().AsUInt16()).AsUInt32();
    }
}
