using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Rocket.Tool.Serving;

/// <summary>Writes an answer in OpenAI's form: whole, or as server-sent events.</summary>
internal sealed class ChatAnswer(HttpContext context, string model)
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private UsageDetails? _usage;
    private ChatFinishReason _reason = ChatFinishReason.Stop;

    /// <summary>Writes the answer once it is whole.</summary>
    public async Task WriteAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        var text = new StringBuilder();
        await foreach (ChatResponseUpdate update in updates.WithCancellation(context.RequestAborted))
        {
            text.Append(Take(update));
        }

        JsonObject choice = new()
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text.ToString(), ["refusal"] = null },
            ["logprobs"] = null,
            ["finish_reason"] = _reason.Value,
        };
        JsonObject body = Envelope("chat.completion", new JsonArray(choice));
        body["usage"] = Usage();
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    /// <summary>Writes every piece of the answer as it comes.</summary>
    public async Task StreamAsync(IAsyncEnumerable<ChatResponseUpdate> updates, bool includesUsage)
    {
        await using IAsyncEnumerator<ChatResponseUpdate> enumerator = updates.GetAsyncEnumerator(context.RequestAborted);

        // What is wrong with a request shows before its first token, when the status can still say it.
        bool hasMore = await enumerator.MoveNextAsync();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        await SendChoiceAsync(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);
        for (; hasMore; hasMore = await enumerator.MoveNextAsync())
        {
            if (Take(enumerator.Current) is { Length: > 0 } text)
            {
                await SendChoiceAsync(new JsonObject { ["content"] = text }, null);
            }
        }

        await SendChoiceAsync([], _reason.Value);
        if (includesUsage)
        {
            JsonObject last = Envelope("chat.completion.chunk", []);
            last["usage"] = Usage();
            await SendAsync(last.ToJsonString());
        }

        await SendAsync("[DONE]");
    }

    private string Take(ChatResponseUpdate update)
    {
        _reason = update.FinishReason ?? _reason;
        _usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? _usage;
        return update.Text;
    }

    private Task SendChoiceAsync(JsonObject delta, string? reason) => SendAsync(Envelope("chat.completion.chunk", new JsonArray(new JsonObject
    {
        ["index"] = 0,
        ["delta"] = delta,
        ["logprobs"] = null,
        ["finish_reason"] = reason,
    })).ToJsonString());

    private async Task SendAsync(string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private JsonObject Envelope(string kind, JsonArray choices) => new()
    {
        ["id"] = _id,
        ["object"] = kind,
        ["created"] = _created,
        ["model"] = model,
        ["choices"] = choices,
    };

    private JsonObject Usage() => new()
    {
        ["prompt_tokens"] = _usage?.InputTokenCount ?? 0,
        ["completion_tokens"] = _usage?.OutputTokenCount ?? 0,
        ["total_tokens"] = _usage?.TotalTokenCount ?? 0,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = _usage?.CachedInputTokenCount ?? 0 },
    };
}
