using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rocket.Inference.Diagnostics;
using Rocket.Inference.Generation;

namespace Rocket.Inference.Chat;

/// <summary>A request's <see cref="ChatOptions"/> over the client's defaults.</summary>
internal static class RequestOptions
{
    private const string MinP = "min_p";
    private const string RepetitionPenalty = "repetition_penalty";
    private const string TemplateVariables = "chat_template_kwargs";

    /// <summary>How to generate.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8102, RKT8103: a value that is none, or a response format that cannot be promised.</exception>
    public static GenerationOptions Over(GenerationOptions defaults, ChatOptions? options)
    {
        if (options is null)
        {
            return defaults;
        }

        if (options.ResponseFormat is ChatResponseFormatJson)
        {
            throw GenerationErrors.Unsupported("JSON as response format", "Ask for it in the prompt, and check the answer.");
        }

        return defaults with
        {
            MaxTokens = options.MaxOutputTokens ?? defaults.MaxTokens,
            StopStrings = options.StopSequences is { Count: > 0 } stops ? [.. stops] : defaults.StopStrings,
            Sampling = defaults.Sampling with
            {
                Temperature = options.Temperature ?? defaults.Sampling.Temperature,
                TopK = options.TopK ?? defaults.Sampling.TopK,
                TopP = options.TopP ?? defaults.Sampling.TopP,
                MinP = Number(options, MinP) ?? defaults.Sampling.MinP,
                RepetitionPenalty = Number(options, RepetitionPenalty) ?? defaults.Sampling.RepetitionPenalty,
                FrequencyPenalty = options.FrequencyPenalty ?? defaults.Sampling.FrequencyPenalty,
                PresencePenalty = options.PresencePenalty ?? defaults.Sampling.PresencePenalty,
                Seed = options.Seed ?? defaults.Sampling.Seed,
            },
        };
    }

    /// <summary>Variables for the chat template: the additional property <c>chat_template_kwargs</c>, as other servers call it.</summary>
    public static JsonObject? Variables(ChatOptions? options)
        => options?.AdditionalProperties?.TryGetValue(TemplateVariables, out object? value) == true
            ? value as JsonObject ?? JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web) as JsonObject ?? throw GenerationErrors.OutOfRange(TemplateVariables, $"{value}", "an object")
            : null;

    private static float? Number(ChatOptions options, string name)
    {
        if (options.AdditionalProperties?.TryGetValue(name, out object? value) != true || value is null)
        {
            return null;
        }

        string text = value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : $"{value}";
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : throw GenerationErrors.OutOfRange(name, text, "a number");
    }
}
