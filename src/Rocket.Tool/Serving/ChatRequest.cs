using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rocket.Inference.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Serving;

/// <summary>A request to <c>/v1/chat/completions</c>.</summary>
internal sealed record ChatRequest(string? Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool IsStreamed, bool IncludesUsage)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8103, RKT8110: a field is not what it must be, or asks for what is not supported.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        var fields = new RequestFields(body, "The request");
        if (fields.Integer("n") is { } n and not 1)
        {
            throw GenerationErrors.Unsupported($"\"n\" = {n}", "Ask once for each answer.");
        }

        if (fields.Boolean("logprobs") == true)
        {
            throw GenerationErrors.Unsupported("\"logprobs\"", "Leave it out.");
        }

        RequestFields? streaming = fields.Object("stream_options");
        return new ChatRequest(
            fields.String("model"),
            RequestMessages.Read(fields.Array("messages") ?? throw ServingErrors.BadRequest("\"messages\"", "a list of messages")),
            ReadOptions(fields),
            fields.Boolean("stream") ?? false,
            streaming?.Boolean("include_usage") ?? false);
    }

    private static ChatOptions ReadOptions(RequestFields fields)
    {
        if (fields.Object("response_format")?.String("type") is { } format and not "text")
        {
            throw GenerationErrors.Unsupported($"The response format \"{format}\"", "Ask for it in the prompt, and check the answer.");
        }

        var options = new ChatOptions
        {
            Temperature = fields.Number("temperature"),
            TopP = fields.Number("top_p"),
            TopK = fields.Integer("top_k"),
            MaxOutputTokens = fields.Integer("max_completion_tokens") ?? fields.Integer("max_tokens"),
            FrequencyPenalty = fields.Number("frequency_penalty"),
            PresencePenalty = fields.Number("presence_penalty"),
            Seed = fields.Long("seed"),
            StopSequences = fields.Strings("stop"),
            AdditionalProperties = [],
        };
        foreach (string name in (ReadOnlySpan<string>)["min_p", "repetition_penalty"])
        {
            if (fields.Number(name) is { } number)
            {
                options.AdditionalProperties[name] = number;
            }
        }

        if (fields.Object("chat_template_kwargs") is { } variables)
        {
            options.AdditionalProperties["chat_template_kwargs"] = JsonNode.Parse(variables.Text)!.AsObject();
        }

        options.Tools = fields.Array("tools") is { } tools && !fields.IsString("tool_choice", "none") ? [.. tools.Select(ReadTool)] : null;
        return options;
    }

    private static AITool ReadTool(JsonElement tool, int index)
    {
        var fields = new RequestFields(tool, $"Tool {index}");
        RequestFields function = fields.Object("function") ?? throw ServingErrors.BadRequest($"Tool {index}", "{\"type\": \"function\", \"function\": {...}}");
        string name = function.String("name") ?? throw ServingErrors.BadRequest($"\"name\" of tool {index}", "a string");
        string schema = function.Object("parameters")?.Text ?? "{}";
        using JsonDocument document = JsonDocument.Parse(schema);
        return AIFunctionFactory.CreateDeclaration(name, function.String("description"), document.RootElement.Clone());
    }
}
