using System.Collections.Immutable;
using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Rotary;

/// <summary>LongRoPE: one set of angles up to the original length, another beyond it (Ding et al. 2024; Phi-3).</summary>
internal static class LongRope
{
    /// <summary>Reads both sets of factors; cosine and sine grow by sqrt(1 + ln(f) / ln(L)), f the growth of the length L.</summary>
    public static RopeSpec Read(ConfigObject config, ConfigObject parameters, ModelSizes sizes, double theta, int dimensions)
    {
        const string OriginalKey = "original_max_position_embeddings";
        int originalLength = parameters.OptionalSize(OriginalKey, int.MaxValue) ?? config.Size(OriginalKey, int.MaxValue);
        double growth = parameters.OptionalPositive("factor") ?? (double)sizes.MaxPositions / originalLength;
        if (originalLength == 1 && growth > 1)
        {
            throw ArchitectureErrors.OutOfRange(config.File, OriginalKey, "1", "at least 2");
        }

        double amplitude = parameters.OptionalPositive("attention_factor")
            ?? (growth <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(growth) / Math.Log(originalLength))));
        return new RopeSpec(
            InverseFrequencies.PerDimension(theta, dimensions, Factors(parameters, "short_factor", dimensions / 2)),
            (float)amplitude,
            InverseFrequencies.PerDimension(theta, dimensions, Factors(parameters, "long_factor", dimensions / 2)),
            originalLength);
    }

    private static ImmutableArray<double> Factors(ConfigObject parameters, string key, int count)
    {
        var factors = parameters.Positives(key);
        return factors.Length == count
            ? factors
            : throw ArchitectureErrors.WrongLength(parameters.File, parameters.FullKey(key), factors.Length, count);
    }
}
