using System.Text.Json.Nodes;

namespace Rocket.Models.ChatTemplates;

/// <summary>A conversation, as a chat template sees it.</summary>
public sealed record ChatPrompt
{
    /// <summary>The messages: objects with <c>role</c>, <c>content</c> and what else the template reads, such as <c>tool_calls</c>.</summary>
    public required IReadOnlyList<JsonObject> Messages { get; init; }

    /// <summary>Tools in OpenAI's form (<c>{"type": "function", "function": {...}}</c>), or null where there are none.</summary>
    public IReadOnlyList<JsonObject>? Tools { get; init; }

    /// <summary>Whether the text ends where the assistant's answer begins.</summary>
    public bool AddsGenerationPrompt { get; init; } = true;

    /// <summary>Further variables, such as <c>enable_thinking</c>.</summary>
    public JsonObject? Variables { get; init; }

    /// <summary>What <c>strftime_now</c> tells.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.Now;
}
