using System.Numerics;
using System.Runtime.InteropServices;
using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>Scale and zero point of a group of values.</summary>
/// <param name="Scale">Distance of two codes, as it is stored.</param>
/// <param name="Zero">The code of 0.</param>
/// <param name="LargestCode">The largest code.</param>
internal readonly record struct QuantizationRange(Half Scale, byte Zero, int LargestCode)
{
    // A few values far out are worth cutting where codes are few.
    private const float LeastShrink = 0.6f;
    private const float ShrinkStep = 0.05f;
    private const int MostBitsToShrink = 5;

    /// <summary>The code nearest to a value.</summary>
    public byte CodeOf(float value)
    {
        float scale = (float)Scale;
        return scale == 0 ? Zero : (byte)Math.Clamp(MathF.Round(value / scale) + Zero, 0, LargestCode);
    }

    /// <summary>The value of a code.</summary>
    public float ValueOf(int code) => (float)Scale * (code - Zero);

    /// <summary>The range of least weighed squared error among those that are the span of the values and 0, shrunk by some tenths at most.</summary>
    /// <param name="values">The values of a group; 0 where none is stored.</param>
    /// <param name="weights">What their squared errors weigh; 0 where none is stored.</param>
    /// <param name="quantization">Width of the codes.</param>
    public static QuantizationRange Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Quantization quantization)
    {
        (float least, float most) = (0, 0);
        foreach (float value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        int largest = quantization.LargestCode;
        if (most - least is not > 0)
        {
            return new QuantizationRange((Half)0, 0, largest);
        }

        byte zero = (byte)Math.Clamp(MathF.Round(-least / (most - least) * largest), 0, largest);
        var best = new QuantizationRange(ScaleOf((most - least) / largest), zero, largest);
        if (quantization.Bits > MostBitsToShrink)
        {
            return best;
        }

        float bestError = best.ErrorOf(values, weights);
        for (float shrink = 1 - ShrinkStep; shrink > LeastShrink; shrink -= ShrinkStep)
        {
            var range = new QuantizationRange(ScaleOf(shrink * (most - least) / largest), zero, largest);
            float error = range.ErrorOf(values, weights);
            if (error < bestError)
            {
                (best, bestError) = (range, error);
            }
        }

        return best;
    }

    private static Half ScaleOf(float scale) => (Half)Math.Min(scale, (float)Half.MaxValue);

    private float ErrorOf(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        float scale = (float)Scale;
        if (scale == 0)
        {
            return float.PositiveInfinity;
        }

        (float least, float most) = (-Zero, LargestCode - Zero);
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        ReadOnlySpan<Vector<float>> wideWeights = MemoryMarshal.Cast<float, Vector<float>>(weights);
        Vector<float> sums = Vector<float>.Zero;
        Vector<float> inverse = new(1 / scale);
        for (int i = 0; i < wide.Length; i++)
        {
            Vector<float> code = Vector.MinNative(Vector.MaxNative(Vector.Round(wide[i] * inverse), new Vector<float>(least)), new Vector<float>(most));
            Vector<float> residual = (code * scale) - wide[i];
            sums += residual * residual * wideWeights[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = wide.Length * Vector<float>.Count; i < values.Length; i++)
        {
            float residual = (Math.Clamp(MathF.Round(values[i] / scale), least, most) * scale) - values[i];
            sum += residual * residual * weights[i];
        }

        return sum;
    }
}
