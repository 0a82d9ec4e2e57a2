using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>The upper half of a float32.</summary>
internal readonly struct BF16Elements512 : IElements512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Even(Vector512<uint> pairs) => (pairs << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd(Vector512<uint> pairs) => (pairs & Vector512.Create(0xFFFF_0000u)).AsSingle();
}

/// <summary>IEEE half.</summary>
internal readonly struct F16Elements512 : IElements512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Even(Vector512<uint> pairs) => FromHalf(pairs & Vector512.Create(0xFFFFu));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd(Vector512<uint> pairs) => FromHalf(pairs >>> 16);

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
