using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Arithmetic of tensors with each other and with constants, safe from the garbage collector.</summary>
/// <remarks>
/// TorchSharp 0.107 hands the native part of a <see cref="Scalar"/> to libtorch without keeping the object alive: a temporary one may be
/// finalized, and its memory used again, while the operation reads it. It makes temporaries in <c>a + 1</c> and <c>a * 2f</c>, and in
/// <c>a + b</c> (whose alpha is 1) and <c>square()</c> too. The methods here use scalars that live as long as the process.
/// A test looks for any other use in this library.
/// </remarks>
internal static class TensorArithmetic
{
    // Constants of the method and of model configurations: few. Values that depend on data are tensors.
    private static readonly ConcurrentDictionary<double, Scalar> Kept = new();

    private static readonly Scalar One = Keep(1);

    /// <summary>A scalar for a constant.</summary>
    public static Scalar Constant(double value) => Kept.GetOrAdd(value, Keep);

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + b in the place of a.</summary>
    public static Tensor AddInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a + constant.</summary>
    public static Tensor Plus(this Tensor a, double constant) => a.add(Constant(constant), One);

    /// <summary>a + constant in the place of a.</summary>
    public static Tensor AddInPlace(this Tensor a, double constant) => a.add_(Constant(constant), One);

    /// <summary>a * constant.</summary>
    public static Tensor Times(this Tensor a, double constant) => a.mul(Constant(constant));

    /// <summary>1 - a.</summary>
    public static Tensor Complement(this Tensor a) => a.neg().add(One, One);

    /// <summary>a * a, element by element.</summary>
    public static Tensor Squared(this Tensor a) => a * a;

    /// <summary>cap tanh(a / cap).</summary>
    public static Tensor SoftCap(this Tensor a, double cap) => a.div(Constant(cap)).tanh_().mul_(Constant(cap));

    /// <summary>A value that depends on data, float64 without dimensions.</summary>
    public static Tensor Value(double value)
    {
        Tensor tensor = empty([], ScalarType.Float64);
        tensor.Elements<double>()[0] = value;
        return tensor;
    }

    private static Scalar Keep(double value) => value;
}
