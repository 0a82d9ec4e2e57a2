using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>The checked contents of <c>model.safetensors.index.json</c>: which shard holds which tensors.</summary>
internal sealed class ShardIndex
{
    private ShardIndex(SortedDictionary<string, List<string>> shards) => Shards = shards;

    /// <summary>Shard paths relative to the folder, ordinal, each with the tensors that the index places there.</summary>
    public IReadOnlyDictionary<string, List<string>> Shards { get; }

    /// <summary>Reads and checks an index.</summary>
    /// <exception cref="RocketException">RKT2102, RKT2104 to RKT2106, RKT2113, RKT2116.</exception>
    public static ShardIndex Read(string path)
    {
        using var document = Load(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw CheckpointErrors.Malformed(path, "weight_map", "an object that gives each tensor its shard");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var shards = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var property in map.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw CheckpointErrors.Duplicate(path, property.Name);
            }

            string shard = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString() ?? ""
                : throw CheckpointErrors.Malformed(path, property.Name, "the path of a shard");
            if (!shards.TryGetValue(shard, out var tensors))
            {
                CheckPath(path, shard);
                shards.Add(shard, tensors = []);
            }

            tensors.Add(property.Name);
        }

        return new ShardIndex(shards);
    }

    private static JsonDocument Load(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= SafetensorsHeader.MaxLength
                ? StrictJson.Parse(File.ReadAllBytes(path), allowDuplicates: true)
                : throw CheckpointErrors.HeaderTooLong(path, (ulong)length, SafetensorsHeader.MaxLength);
        }
        catch (JsonException cause)
        {
            throw CheckpointErrors.InvalidJson(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.Unreadable(path, cause);
        }
    }

    // A hub cache links its files out of the folder, so links are followed; names are not trusted. Backslash and colon are refused on every system alike.
    private static void CheckPath(string index, string shard)
    {
        bool isSound = shard.Length > 0
            && shard.IndexOfAny(['\\', ':', '\0']) < 0
            && shard.Split('/').All(part => part is not ("" or "." or ".."));
        if (!isSound)
        {
            throw CheckpointErrors.ShardOutsideFolder(index, shard);
        }
    }
}
