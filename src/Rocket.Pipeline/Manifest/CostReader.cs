using Rocket.Pipeline.Cost;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads the <c>cost</c> key.</summary>
internal static class CostReader
{
    private const decimal Most = 100_000;

    /// <summary>Reads the key's value; null: all defaults.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">The first thing that is wrong with it (RKT1xxx).</exception>
    public static CostAssumptions Read(ManifestNode? node)
    {
        if (node is null)
        {
            return CostAssumptions.Default;
        }

        MappingReader reader = new(node, "cost", "cost", "wattsPerCore", "gramsPerKilowattHour");
        return new CostAssumptions(Positive(reader, "wattsPerCore"), Positive(reader, "gramsPerKilowattHour"));
    }

    private static decimal? Positive(MappingReader reader, string key)
    {
        if (reader.Optional(key) is null)
        {
            return null;
        }

        Located<decimal> value = reader.OptionalDecimal(key, 0);
        return value.Value is >= 0 and <= Most ? value.Value : throw ManifestErrors.OutOfRange(value.Location, key, $"{value.Value}", $"from 0 to {Most}");
    }
}
