using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Factors;

/// <summary>The <c>rocket</c> section of an artifact's config.json: which linears are factored, and how. A linear that is not listed is dense.</summary>
public sealed class RocketSection
{
    /// <summary>The newest version of the section that this code reads: 2 knows quantised values.</summary>
    public const int Version = 2;

    private const int VersionOfFloats = 1;

    private static readonly ImmutableArray<(LinearForm Form, string Name)> Forms = [(LinearForm.Dictionary, "dictionary"), (LinearForm.Sparse, "sparse"), (LinearForm.Dense, "dense")];

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
            if (version is < VersionOfFloats or > Version)
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
            var entry = new JsonObject
            {
                ["form"] = Forms.First(form => form.Form == linear.Form).Name,
                ["d_in"] = linear.DIn,
                ["d_out"] = linear.DOut,
                ["k"] = linear.K,
                ["nnz"] = linear.NonZeros,
                ["dtype"] = linear.Type.ToString(),
            };
            if (linear.Quantization is { } quantization)
            {
                entry["bits"] = quantization.Bits;
                entry["group_size"] = quantization.GroupSize;
            }

            linears[name] = entry;
        }

        // Readers of the first version would take codes for floats.
        bool isQuantized = Linears.Values.Any(linear => linear.Quantization is not null);
        return new JsonObject { ["version"] = isQuantized ? Version : VersionOfFloats, ["linears"] = linears };
    }

    private static FactoredLinear ReadLinear(JsonElement element)
    {
        string? name = element.GetProperty("form").GetString();
        LinearForm form = Forms.Any(known => known.Name == name) ? Forms.First(known => known.Name == name).Form : throw new FormatException($"Unknown form '{name}'.");
        var linear = new FactoredLinear(
            form,
            element.GetProperty("d_in").GetInt32(),
            element.GetProperty("d_out").GetInt32(),
            element.GetProperty("k").GetInt32(),
            element.GetProperty("nnz").GetInt64(),
            ReadType(element.GetProperty("dtype").GetString()))
        {
            Quantization = element.TryGetProperty("bits", out JsonElement bits) ? new Quantization(bits.GetInt32(), element.GetProperty("group_size").GetInt32()) : null,
        };

        // A span holds the expanded coefficients, and one the dictionary.
        bool sound = linear is { DIn: > 0, DOut: > 0, K: > 0, NonZeros: >= 0 }
            && (long)linear.K * linear.DOut <= int.MaxValue
            && linear.DictionaryElements <= int.MaxValue
            && linear.NonZeros <= (long)linear.K * linear.DOut
            && (form == LinearForm.Dictionary || linear.K == linear.DIn)
            && (form != LinearForm.Dense || (linear.Quantization is not null && linear.NonZeros == (long)linear.K * linear.DOut))
            && linear.Quantization?.IsPossible != false;
        return sound ? linear : throw new FormatException($"Impossible sizes: {element.GetRawText()}.");
    }

    private static TensorType ReadType(string? name) => name switch
    {
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        _ => throw new FormatException($"Unknown dtype '{name}'."),
    };
}
