using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Factors;

/// <summary>The <c>rocket</c> section of an artifact's config.json: which linears are factored, and how. A linear that is not listed is dense.</summary>
public sealed class RocketSection
{
    /// <summary>Version of the section that this code writes and reads.</summary>
    public const int Version = 1;

    /// <summary>Creates the section from the factored linears by key.</summary>
    public RocketSection(IEnumerable<KeyValuePair<string, FactoredLinear>> linears)
        => Linears = linears.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The factored linears by key (the source's name of the weight without <c>.weight</c>; a part of a fused one that is factored by itself with its number).</summary>
    public ImmutableSortedDictionary<string, FactoredLinear> Linears { get; }

    /// <summary>Reads the section of a config.json.</summary>
    /// <param name="configPath">Path of config.json.</param>
    /// <returns>Null where the model is an ordinary dense one.</returns>
    /// <exception cref="RocketException">RKT6101: the section is damaged or of another version.</exception>
    public static RocketSection? TryRead(string configPath)
    {
        if (!File.Exists(configPath))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(configPath));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("rocket", out JsonElement section))
            {
                return null;
            }

            int version = section.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw ArtifactErrors.UnsupportedVersion(configPath, version, Version);
            }

            return new RocketSection(section.GetProperty("linears").EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, ReadLinear(entry.Value))));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw ArtifactErrors.DamagedSection(configPath, exception);
        }
    }

    /// <summary>The section as JSON.</summary>
    public JsonObject ToJson()
    {
        var linears = new JsonObject();
        foreach ((string name, FactoredLinear linear) in Linears)
        {
            linears[name] = new JsonObject
            {
                ["form"] = linear.Form == LinearForm.Dictionary ? "dictionary" : "sparse",
                ["d_in"] = linear.DIn,
                ["d_out"] = linear.DOut,
                ["k"] = linear.K,
                ["nnz"] = linear.NonZeros,
                ["dtype"] = linear.Type.ToString(),
            };
        }

        return new JsonObject { ["version"] = Version, ["linears"] = linears };
    }

    private static FactoredLinear ReadLinear(JsonElement element)
    {
        LinearForm form = element.GetProperty("form").GetString() switch
        {
            "dictionary" => LinearForm.Dictionary,
            "sparse" => LinearForm.Sparse,
            string other => throw new FormatException($"Unknown form '{other}'."),
            null => throw new FormatException("The form is null."),
        };
        var linear = new FactoredLinear(
            form,
            element.GetProperty("d_in").GetInt32(),
            element.GetProperty("d_out").GetInt32(),
            element.GetProperty("k").GetInt32(),
            element.GetProperty("nnz").GetInt64(),
            ReadType(element.GetProperty("dtype").GetString()));

        // A span holds the expanded coefficients, and one the dictionary.
        bool sound = linear is { DIn: > 0, DOut: > 0, K: > 0, NonZeros: >= 0 }
            && (long)linear.K * linear.DOut <= int.MaxValue
            && linear.DictionaryElements <= int.MaxValue
            && linear.NonZeros <= (long)linear.K * linear.DOut
            && (form == LinearForm.Dictionary || linear.K == linear.DIn);
        return sound ? linear : throw new FormatException($"Impossible sizes: {linear}.");
    }

    private static TensorType ReadType(string? name) => name switch
    {
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        _ => throw new FormatException($"Unknown dtype '{name}'."),
    };
}
