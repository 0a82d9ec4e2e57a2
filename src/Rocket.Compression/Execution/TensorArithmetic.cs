using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Arithmetic with numbers that is safe while the garbage collector runs on another thread.</summary>
/// <remarks>
/// TorchSharp turns a number into a finalizable <see cref="Scalar"/> and hands its native pointer on: nothing holds the object during the call, so a
/// collection at that moment frees what libtorch reads. Even a + b does so, with an implicit factor of 1. Here every scalar outlives its call;
/// BannedSymbols.txt keeps the other ways out.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + value.</summary>
    public static Tensor Plus(this Tensor a, double value)
    {
        using Scalar scalar = value.ToScalar();
        return a.add(scalar, One);
    }

    /// <summary>a += b.</summary>
    public static Tensor PlusInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a += value.</summary>
    public static Tensor PlusInPlace(this Tensor a, double value)
    {
        using Scalar scalar = value.ToScalar();
        return a.add_(scalar, One);
    }

    /// <summary>a[index] + rows, summed row by row.</summary>
    public static Tensor PlusRows(this Tensor a, Tensor index, Tensor rows) => a.index_add(0, index, rows, One);

    /// <summary>a times value.</summary>
    public static Tensor Times(this Tensor a, double value)
    {
        using Scalar scalar = value.ToScalar();
        return a.mul(scalar);
    }

    /// <summary>a *= value.</summary>
    public static Tensor TimesInPlace(this Tensor a, double value)
    {
        using Scalar scalar = value.ToScalar();
        return a.mul_(scalar);
    }

    /// <summary>a times a.</summary>
    public static Tensor Squared(this Tensor a) => a.mul(a);

    /// <summary>1 - a.</summary>
    public static Tensor OneMinus(this Tensor a) => ones_like(a).sub(a);

    /// <summary>1 where a is not zero, else 0, in the type of a.</summary>
    public static Tensor IsNotZero(this Tensor a) => a.logical_not().logical_not().to_type(a.dtype);

    /// <summary>The only element of a tensor.</summary>
    public static T Value<T>(this Tensor a)
        where T : unmanaged
        => a.Elements<T>()[0];
}
