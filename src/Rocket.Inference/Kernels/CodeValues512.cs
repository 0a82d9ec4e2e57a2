using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>Codes of up to 4 bits: the values of a group's codes are a table in one register.</summary>
internal readonly struct CodesOf4Bits512 : ICodeValues512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(Vector512<float> levels, Vector512<float> scale, Vector512<float> offset, out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.FusedMultiplyAdd(levels, scale, offset);
        second = default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<uint> codes, Vector512<uint> largest, Vector512<float> first, Vector512<float> second)
        => Avx512F.PermuteVar16x32(first, codes.AsInt32());
}

/// <summary>Codes of 5 bits: a table in two registers.</summary>
internal readonly struct CodesOf5Bits512 : ICodeValues512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(Vector512<float> levels, Vector512<float> scale, Vector512<float> offset, out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.FusedMultiplyAdd(levels, scale, offset);
        second = Vector512.FusedMultiplyAdd(levels + Vector512.Create(16f), scale, offset);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<uint> codes, Vector512<uint> largest, Vector512<float> first, Vector512<float> second)
        => Avx512F.PermuteVar16x32x2(first, codes.AsInt32(), second);
}

/// <summary>Codes of more bits: they are converted and scaled.</summary>
internal readonly struct CodesOf8Bits512 : ICodeValues512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(Vector512<float> levels, Vector512<float> scale, Vector512<float> offset, out Vector512<float> first, out Vector512<float> second)
    {
        first = scale;
        second = offset;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<uint> codes, Vector512<uint> largest, Vector512<float> first, Vector512<float> second)
        => Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single((codes & largest).AsInt32()), first, second);
}
