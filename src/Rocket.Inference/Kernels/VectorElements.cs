using System.Numerics;

namespace Rocket.Inference.Kernels;

/// <summary>Reads a run of weights of one type as float32 in a portable vector's width.</summary>
internal unsafe interface IVectorElements
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Reads two vectors of consecutive elements.</summary>
    static abstract void Load(byte* source, out Vector<float> first, out Vector<float> second);
}

/// <summary>Float32.</summary>
internal readonly unsafe struct VectorF32 : IVectorElements
{
    /// <inheritdoc/>
    public static int Size => sizeof(float);

    /// <inheritdoc/>
    public static void Load(byte* source, out Vector<float> first, out Vector<float> second)
    {
        first = Vector.Load((float*)source);
        second = Vector.Load((float*)source + Vector<float>.Count);
    }
}

/// <summary>The upper half of a float32.</summary>
internal readonly unsafe struct VectorBF16 : IVectorElements
{
    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    public static void Load(byte* source, out Vector<float> first, out Vector<float> second)
    {
        Vector.Widen(Vector.Load((ushort*)source), out Vector<uint> low, out Vector<uint> high);
        first = Vector.AsVectorSingle(low << 16);
        second = Vector.AsVectorSingle(high << 16);
    }
}

/// <summary>IEEE half.</summary>
internal readonly unsafe struct VectorF16 : IVectorElements
{
    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    public static void Load(byte* source, out Vector<float> first, out Vector<float> second)
    {
        Vector.Widen(Vector.Load((ushort*)source), out Vector<uint> low, out Vector<uint> high);
        first = FromHalf(low);
        second = FromHalf(high);
    }

    // Exponent and mantissa move 13 bits; 2^112 corrects the bias and normalises what was subnormal. NaN and infinity stay such.
    private static Vector<float> FromHalf(Vector<uint> half)
    {
        Vector<uint> magnitude = (half & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(HalfBits.Rebias));
        Vector<uint> special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(HalfBits.FirstSpecial));
        Vector<uint> value = Vector.ConditionalSelect(special, magnitude | new Vector<uint>(HalfBits.Exponent), finite);
        return Vector.AsVectorSingle(value | ((half & new Vector<uint>(0x8000)) << 16));
    }
}
