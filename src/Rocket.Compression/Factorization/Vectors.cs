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

    /// <summary>factor * (values * scales)^2, element by element.</summary>
    public static void ScaledSquares(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, float factor, Span<float> target)
    {
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        ReadOnlySpan<Vector<float>> wideScales = MemoryMarshal.Cast<float, Vector<float>>(scales);
        Span<Vector<float>> wideTarget = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < wide.Length; i++)
        {
            Vector<float> scaled = wide[i] * wideScales[i];
            wideTarget[i] = scaled * scaled * factor;
        }

        for (int i = wide.Length * Vector<float>.Count; i < target.Length; i++)
        {
            float scaled = values[i] * scales[i];
            target[i] = scaled * scaled * factor;
        }
    }

    /// <summary>The values that are kept, and 0 in place of the others.</summary>
    public static void Keep(ReadOnlySpan<float> values, ReadOnlySpan<bool> kept, Span<float> target)
    {
        // No branch: what is kept looks random, and a wrong guess costs more than all else.
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        ReadOnlySpan<byte> flags = MemoryMarshal.AsBytes(kept);
        Span<int> targetBits = MemoryMarshal.Cast<float, int>(target);
        for (int i = 0; i < bits.Length; i++)
        {
            targetBits[i] = bits[i] & -flags[i];
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
