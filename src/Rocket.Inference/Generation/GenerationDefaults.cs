using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Inference.Diagnostics;
using Rocket.Inference.Sampling;

namespace Rocket.Inference.Generation;

/// <summary>What generation_config.json and config.json of a model say: how its author samples it, and which tokens end a text.</summary>
/// <param name="Sampling">Greedy, unless <c>do_sample</c> is set.</param>
/// <param name="EndTokens">The ids of <c>eos_token_id</c>.</param>
public sealed record GenerationDefaults(SamplingOptions Sampling, ImmutableHashSet<int> EndTokens)
{
    private const string EndKey = "eos_token_id";

    /// <summary>Reads a model's folder.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8104: a file is not JSON or cannot be read.</exception>
    public static GenerationDefaults Read(string folder)
    {
        using JsonDocument? generation = Open(Path.Combine(folder, "generation_config.json"));
        using JsonDocument? config = Open(Path.Combine(folder, "config.json"));
        JsonElement options = generation?.RootElement ?? default;
        ImmutableHashSet<int> ends = Ids(options);
        ends = ends.IsEmpty ? Ids(config?.RootElement ?? default) : ends;
        bool isSampled = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("do_sample", out JsonElement sample) && sample.ValueKind == JsonValueKind.True;
        return new GenerationDefaults(
            isSampled
                ? new SamplingOptions
                {
                    Temperature = Number(options, "temperature", 1),
                    TopK = (int)Number(options, "top_k", 50),
                    TopP = Number(options, "top_p", 1),
                    MinP = Number(options, "min_p", 0),
                    RepetitionPenalty = Number(options, "repetition_penalty", 1),
                }
                : new SamplingOptions(),
            ends);
    }

    private static JsonDocument? Open(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw GenerationErrors.UnreadableDefaults(file, failure);
        }
    }

    private static ImmutableHashSet<int> Ids(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(EndKey, out JsonElement end))
        {
            return [];
        }

        return end.ValueKind switch
        {
            JsonValueKind.Number when end.TryGetInt32(out int id) => [id],
            JsonValueKind.Array => [.. end.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetInt32())],
            _ => [],
        };
    }

    private static float Number(JsonElement config, string name, float fallback)
        => config.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : fallback;
}
