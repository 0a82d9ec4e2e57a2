using System.Collections.Immutable;
using Rocket.Compression.Native;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads a manifest's <c>device</c>.</summary>
public static class DeviceReader
{
    /// <summary>The words of the choices; the first is the default.</summary>
    public static ImmutableArray<string> Words { get; } = [.. Enum.GetNames<DeviceChoice>().Select(name => name.ToLowerInvariant())];

    /// <summary>The choice of a word; null: there is none.</summary>
    public static DeviceChoice? Parse(string word) => Words.IndexOf(word) is var index and >= 0 ? (DeviceChoice)index : null;

    internal static DeviceChoice Read(MappingReader manifest)
    {
        if (manifest.Optional("device") is null)
        {
            return default;
        }

        Located<string> word = manifest.RequiredText("device");
        return Parse(word.Value) ?? throw ManifestErrors.UnknownValue(word.Location, "device", word.Value, SpellingSuggestion.Find(word.Value, Words.AsSpan()), Words);
    }
}
