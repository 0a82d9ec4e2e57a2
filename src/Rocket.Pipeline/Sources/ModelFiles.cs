using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Models.Checkpoints;
using Rocket.Models.Tokenization;

namespace Rocket.Pipeline.Sources;

/// <summary>Which files of a repository make a model that Rocket reads.</summary>
internal static class ModelFiles
{
    public const string Config = "config.json";
    public const string Index = "model.safetensors.index.json";

    private const string Weights = "model.safetensors";

    /// <summary>The files that are there of those that a model may have, without shards; their order is fixed.</summary>
    public static ImmutableArray<string> Without(IReadOnlyCollection<string> files)
        => [.. Checkpoint.CandidateFiles.Concat(Tokenizer.CandidateFiles).Concat(SourceModel.CompanionFiles).Prepend(Config).Distinct().Where(files.Contains).Where(file => file != Weights || !files.Contains(Index))];

    /// <summary>The shards that an index names.</summary>
    /// <exception cref="JsonException">It is no index.</exception>
    public static ImmutableArray<string> Shards(string indexFile)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(indexFile));
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("weight_map", out JsonElement map) && map.ValueKind == JsonValueKind.Object
            ? [.. map.EnumerateObject().Select(entry => entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw new JsonException("a shard is no text")).Distinct().Order(StringComparer.Ordinal)]
            : throw new JsonException("it has no weight_map");
    }
}
