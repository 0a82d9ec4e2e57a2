using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>The upper half of a float32.</summary>
internal readonly struct BF16Elements512 : IElements512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector512<uint> weights) => (weights << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> First(Vector512<ushort> weights) => Widen(weights, Vector512<ushort>.Indices >> 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Last(Vector512<ushort> weights) => Widen(weights, (Vector512<ushort>.Indices >> 1) + Vector512.Create((ushort)16));

    // One move to both halves of a lane, of which one is cleared: faster than taking a half of the vector, widening and shifting it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector512<ushort> weights, Vector512<ushort> from)
        => (Avx512BW.PermuteVar32x16(weights, from).AsUInt32() & Vector512.Create(0xFFFF0000)).AsSingle();
}

/// <summary>IEEE half.</summary>
internal readonly struct F16Elements512 : IElements512
{
    /// <inheritdoc/>
    /// <remarks>As in the portable kernels.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector512<uint> weights)
    {
        Vector512<uint> magnitude = (weights & Vector512.Create(0x7FFFu)) << 13;
        Vector512<uint> finite = (magnitude.AsSingle() * Vector512.Create(HalfBits.Rebias)).AsUInt32();
        Vector512<uint> special = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(HalfBits.FirstSpecial));
        Vector512<uint> value = Vector512.ConditionalSelect(special, magnitude | Vector512.Create(HalfBits.Exponent), finite);
        return (value | ((weights & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> First(Vector512<ushort> weights) => ToSingle(Avx512F.ConvertToVector512UInt32(weights.GetLower()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Last(Vector512<ushort> weights) => ToSingle(Avx512F.ConvertToVector512UInt32(weights.GetUpper()));
}
