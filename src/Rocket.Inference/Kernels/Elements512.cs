using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>The upper half of a float32.</summary>
internal readonly struct BF16Elements512 : IElements512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Even(Vector512<ushort> weights) => (weights.AsUInt32() << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd(Vector512<ushort> weights) => (weights.AsUInt32() & Vector512.Create(0xFFFF0000)).AsSingle();
}

/// <summary>IEEE half.</summary>
internal readonly struct F16Elements512 : IElements512
{
    /// <summary>Sixteen weights, each in the low half of a 32-bit lane.</summary>
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
    public static Vector512<float> Even(Vector512<ushort> weights) => ToSingle(weights.AsUInt32() & Vector512.Create(0xFFFFu));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd(Vector512<ushort> weights) => ToSingle(weights.AsUInt32() >> 16);
}
