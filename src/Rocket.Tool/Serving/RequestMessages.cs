using System.Text.Json;
using Microsoft.Extensions.AI;
using Rocket.Inference.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Serving;

/// <summary>The messages of a request.</summary>
internal static class RequestMessages
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8103, RKT8110: a message is not what it must be.</exception>
    public static List<ChatMessage> Read(IEnumerable<JsonElement> messages) => [.. messages.Select(Read)];

    private static ChatMessage Read(JsonElement message, int index)
    {
        string what = $"Message {index}";
        var fields = new RequestFields(message, what);
        string role = fields.String("role") ?? throw ServingErrors.BadRequest($"\"role\" of message {index}", "a string");
        string text = ReadContent(message, index);
        if (role == "tool")
        {
            return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(fields.String("tool_call_id") ?? "", text)]);
        }

        List<AIContent> contents = text.Length > 0 ? [new TextContent(text)] : [];
        foreach (JsonElement call in fields.Array("tool_calls") ?? [])
        {
            contents.Add(ReadCall(new RequestFields(call, $"A tool call of message {index}"), index));
        }

        // OpenAI renamed "system" for its own models; chat templates know the old name.
        return new ChatMessage(new ChatRole(role == "developer" ? "system" : role), contents);
    }

    private static string ReadContent(JsonElement message, int index)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => ReadPart(new RequestFields(part, $"A part of message {index}"), index))),
            _ => throw ServingErrors.BadRequest($"\"content\" of message {index}", "a string or a list of parts"),
        };
    }

    private static string ReadPart(RequestFields part, int index) => part.String("type") is "text"
        ? part.String("text") ?? throw ServingErrors.BadRequest($"\"text\" of a part of message {index}", "a string")
        : throw GenerationErrors.Unsupported($"A part of type \"{part.String("type")}\"", "The model reads text only.");

    private static FunctionCallContent ReadCall(RequestFields call, int index)
    {
        RequestFields function = call.Object("function") ?? throw ServingErrors.BadRequest($"A tool call of message {index}", "{\"id\": ..., \"function\": {...}}");
        string arguments = function.String("arguments") ?? "{}";
        Dictionary<string, object?>? values;
        try
        {
            values = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments);
        }
        catch (JsonException)
        {
            throw ServingErrors.BadRequest($"\"arguments\" of a tool call of message {index}", "a JSON object as a string");
        }

        return new FunctionCallContent(call.String("id") ?? "", function.String("name") ?? throw ServingErrors.BadRequest($"\"name\" of a tool call of message {index}", "a string"), values);
    }
}
