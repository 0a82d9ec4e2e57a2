using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Configuration;

/// <summary>Which layers see only a sliding window.</summary>
internal static class AttentionWindows
{
    /// <summary>The value of <c>layer_types</c> for a layer with a window.</summary>
    public const string Sliding = "sliding_attention";

    /// <summary>The value of <c>layer_types</c> for a layer that sees all keys.</summary>
    public const string Full = "full_attention";

    /// <summary>Reads <c>layer_types</c>, or applies the family's rule where it is not there; each layer's window or null.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">Number of blocks.</param>
    /// <param name="window">Keys in a window, or null where the model has none.</param>
    /// <param name="isSliding">The family's rule.</param>
    public static ImmutableArray<int?> Read(ConfigObject config, int layers, int? window, Func<int, bool> isSliding)
    {
        if (config.OptionalTexts("layer_types") is not { } types)
        {
            return [.. Enumerable.Range(0, layers).Select(layer => isSliding(layer) ? Window(config, window) : null)];
        }

        if (types.Length != layers)
        {
            throw ArchitectureErrors.WrongLength(config.File, "layer_types", types.Length, layers);
        }

        return [.. types.Select(type => type switch
        {
            Sliding => Window(config, window),
            Full => null,
            _ => throw ArchitectureErrors.Unsupported(config.File, "layer_types", $"\"{type}\"", $"{Full} and {Sliding}"),
        })];
    }

    /// <summary>Reads <c>sliding_window</c>: null switches it off, a missing key means the family's default.</summary>
    public static int? Width(ConfigObject config, int? fallback)
        => config.IsNull("sliding_window") ? null : config.OptionalSize("sliding_window", int.MaxValue) ?? fallback;

    private static int? Window(ConfigObject config, int? window)
        => window ?? throw ArchitectureErrors.MissingKey(config.File, "sliding_window", "the number of keys that a layer with a window sees");
}
