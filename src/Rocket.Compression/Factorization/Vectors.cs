using System.Numerics;
using System.Runtime.InteropServices;

namespace Rocket.Compression.Factorization;

/// <summary>Short loops over rows, too small for a call into libtorch.</summary>
internal static class Vectors
{
    /// <summary>target -= factor * direction.</summary>
    public static void SubtractScaled(Span<float> target, ReadOnlySpan<float> direction, float factor)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(target);
        ReadOnlySpan<Vector<float>> wideDirection = MemoryMarshal.Cast<float, Vector<float>>(direction);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] -= wideDirection[i] * factor;
        }

        for (int i = wide.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] -= direction[i] * factor;
        }
    }

    /// <summary>The inner product of two rows of equal length.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> other = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < wide.Length; i++)
        {
            sums += wide[i] * other[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = wide.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
