using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>The checked header of a safetensors file: what it holds, and where.</summary>
/// <remarks>The format: 8 bytes length n, n bytes of JSON, data, as the safetensors format documents it.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header that the format's own reader accepts, in bytes.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>The key of the free-form strings.</summary>
    public const string MetadataKey = "__metadata__";

    private SafetensorsHeader(ImmutableArray<Entry> entries, ImmutableSortedDictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their data, which they cover without overlap and holes.</summary>
    public ImmutableArray<Entry> Entries { get; }

    /// <summary>Free-form strings, ordinal by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Parses and checks the JSON of a header.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="dataLength">Bytes of the file behind the header.</param>
    /// <param name="file">The path that errors name.</param>
    /// <exception cref="RocketException">RKT2105 to RKT2113.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength, string file)
    {
        JsonDocument document;
        try
        {
            document = StrictJson.Parse(json, allowDuplicates: true);
        }
        catch (JsonException cause)
        {
            throw CheckpointErrors.InvalidJson(file, cause);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw CheckpointErrors.Malformed(file, "(header)", "an object");
            }

            return Parse(document.RootElement, dataLength, file);
        }
    }

    private static SafetensorsHeader Parse(JsonElement root, long dataLength, string file)
    {
        var metadata = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw CheckpointErrors.Duplicate(file, property.Name);
            }

            if (property.Name == MetadataKey)
            {
                metadata = ParseMetadata(property.Value, file);
            }
            else
            {
                entries.Add(TensorHeader.Parse(property, dataLength, file));
            }
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)) is var order && order != 0
            ? order
            : string.CompareOrdinal(a.Tensor.Name, b.Tensor.Name));
        CheckCover(entries, dataLength, file);
        return new([.. entries], metadata);
    }

    private static void CheckCover(List<Entry> entries, long dataLength, string file)
    {
        long end = 0;
        string previous = "";
        foreach (var (tensor, begin, nextEnd) in entries)
        {
            if (begin < end)
            {
                throw CheckpointErrors.Overlapping(file, previous, tensor.Name);
            }

            if (begin > end)
            {
                throw CheckpointErrors.Hole(file, end, begin);
            }

            (end, previous) = (nextEnd, tensor.Name);
        }

        if (end != dataLength)
        {
            throw CheckpointErrors.Hole(file, end, dataLength);
        }
    }

    private static ImmutableSortedDictionary<string, string> ParseMetadata(JsonElement element, string file)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw CheckpointErrors.Malformed(file, MetadataKey, "an object of strings");
        }

        var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString() ?? ""
                : throw CheckpointErrors.Malformed(file, MetadataKey, "an object of strings");
        }

        return metadata.ToImmutable();
    }

    /// <summary>A tensor and its bytes <c>[Begin, End)</c> of the data.</summary>
    public readonly record struct Entry(TensorInfo Tensor, long Begin, long End);
}
