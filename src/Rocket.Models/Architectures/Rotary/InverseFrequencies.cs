using System.Collections.Immutable;

namespace Rocket.Models.Architectures.Rotary;

/// <summary>The angles a position of rotary embeddings, with the roundings of transformers' <c>modeling_rope_utils</c> in single precision.</summary>
internal static class InverseFrequencies
{
    /// <summary>theta^(-2i/d) for i = 0 .. d/2 - 1 (Su et al. 2021, RoFormer).</summary>
    public static ImmutableArray<float> Default(double theta, int dimensions)
        => [.. Powers(theta, dimensions).Select(power => 1 / power)];

    /// <summary>The default angles, divided by a factor (position interpolation, Chen et al. 2023).</summary>
    public static ImmutableArray<float> Linear(double theta, int dimensions, double factor)
        => [.. Default(theta, dimensions).Select(frequency => frequency / (float)factor)];

    /// <summary>Each angle divided by a factor of its own: 1 / (factor_i theta^(2i/d)) (LongRoPE, Ding et al. 2024).</summary>
    public static ImmutableArray<float> PerDimension(double theta, int dimensions, ImmutableArray<double> factors)
        => [.. Powers(theta, dimensions).Select((power, i) => 1 / ((float)factors[i] * power))];

    /// <summary>Llama 3.1: wavelengths above L/low are divided by the factor, those below L/high stay, those between are blended.</summary>
    public static ImmutableArray<float> Llama3(double theta, int dimensions, double factor, double low, double high, int originalLength)
        => [.. Default(theta, dimensions).Select(frequency =>
        {
            // Python's scalar / tensor is reciprocal(tensor) * scalar in torch: two roundings.
            float wavelength = 1 / frequency * (float)(2 * Math.PI);
            float lowWavelength = (float)(originalLength / low);
            float highWavelength = (float)(originalLength / high);
            if (wavelength > lowWavelength)
            {
                return frequency / (float)factor;
            }

            if (wavelength < highWavelength)
            {
                return frequency;
            }

            float smooth = ((1 / wavelength * originalLength) - (float)low) / (float)(high - low);
            return ((1 - smooth) * frequency / (float)factor) + (smooth * frequency);
        })];

    // torch's powf is within one unit in the last place; rounding the double power is the closest to it.
    private static IEnumerable<float> Powers(double theta, int dimensions)
        => Enumerable.Range(0, dimensions / 2).Select(i => (float)Math.Pow((float)theta, 2 * i / (float)dimensions));
}
