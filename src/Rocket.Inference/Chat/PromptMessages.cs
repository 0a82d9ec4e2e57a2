using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rocket.Inference.Diagnostics;

namespace Rocket.Inference.Chat;

/// <summary>Microsoft.Extensions.AI's messages and tools as the objects that chat templates read.</summary>
internal static class PromptMessages
{
    /// <summary>The messages, with the options' instructions before them.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8103, RKT8105: content that is no text, or no message at all.</exception>
    public static List<JsonObject> Of(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<JsonObject> objects = [];
        if (!string.IsNullOrEmpty(instructions))
        {
            objects.Add(new JsonObject { ["role"] = "system", ["content"] = instructions });
        }

        foreach (ChatMessage message in messages)
        {
            Add(message, objects);
        }

        return objects.Count > 0 ? objects : throw GenerationErrors.NoMessages();
    }

    /// <summary>The tools, or null where there are none.</summary>
    public static List<JsonObject>? Of(IList<AITool>? tools, ChatToolMode? mode)
    {
        if (tools is not { Count: > 0 } || mode is NoneChatToolMode)
        {
            return null;
        }

        return [.. tools.Select(tool => tool is AIFunctionDeclaration function
            ? new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = function.Name,
                    ["description"] = function.Description,
                    ["parameters"] = JsonSerializer.SerializeToNode(function.JsonSchema, JsonSerializerOptions.Web),
                },
            }
            : throw GenerationErrors.Unsupported($"The tool \"{tool.Name}\" of type {tool.GetType().Name}", "Give tools as functions with a schema."))];
    }

    private static void Add(ChatMessage message, List<JsonObject> objects)
    {
        List<JsonObject> calls = [];
        string text = "";
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text += part.Text;
                    break;
                case TextReasoningContent or UsageContent:
                    break;
                case FunctionCallContent call:
                    calls.Add(new JsonObject
                    {
                        ["id"] = call.CallId,
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.SerializeToNode(call.Arguments ?? new Dictionary<string, object?>(), JsonSerializerOptions.Web) },
                    });
                    break;
                case FunctionResultContent result:
                    objects.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = ResultText(result.Result) });
                    break;
                default:
                    throw GenerationErrors.Unsupported($"A message with content of type {content.GetType().Name}", "The model reads text only.");
            }
        }

        if (text.Length > 0 || calls.Count > 0 || !message.Contents.OfType<FunctionResultContent>().Any())
        {
            var entry = new JsonObject { ["role"] = message.Role.Value, ["content"] = text };
            if (calls.Count > 0)
            {
                entry["tool_calls"] = new JsonArray([.. calls]);
            }

            objects.Add(entry);
        }
    }

    private static string ResultText(object? result)
        => result as string ?? (result is JsonElement { ValueKind: JsonValueKind.String } element ? element.GetString()! : JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
}
