using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Rocket.Models.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Serving;

/// <summary>Answers requests: checks who asks for what, and turns errors into the protocol's own form.</summary>
internal sealed class ChatEndpoint(IChatClient client, ServerOptions options)
{
    private const string Bearer = "Bearer ";

    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private int _requests;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            Admit(context.Request);
            await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (RocketException error)
        {
            await FailAsync(context, Status(error.Code), error.Code, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            RocketException coded = error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ServingErrors.TooLarge(options.MaxRequestBytes)
                : ServingErrors.BadRequest("The request", $"complete and well formed ({error.Message})");
            await FailAsync(context, error.StatusCode, coded.Code, coded.Message);
        }
        catch (JsonException error)
        {
            RocketException coded = ServingErrors.BadRequest("The request", $"valid JSON ({error.Message})");
            await FailAsync(context, StatusCodes.Status400BadRequest, coded.Code, coded.Message);
        }
    }

    private void Admit(HttpRequest request)
    {
        // A page of the web can make a browser send requests to this machine; it cannot make them name this machine, or carry JSON.
        if (options.IsLocal && request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"))
        {
            throw ServingErrors.ForeignHost(request.Host.Host);
        }

        if (options.ApiKey is { } key)
        {
            string header = request.Headers.Authorization.ToString();
            string given = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
            if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key))))
            {
                throw ServingErrors.Unauthorized();
            }
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        switch (context.Request.Method, path)
        {
            case ("GET", "/v1/models"):
                await WriteAsync(context, new JsonObject { ["object"] = "list", ["data"] = new JsonArray(Model()) });
                break;
            case ("GET", _) when path == $"/v1/models/{options.Model}":
                await WriteAsync(context, Model());
                break;
            case ("POST", "/v1/chat/completions"):
                await ChatAsync(context);
                break;
            default:
                throw ServingErrors.NotFound($"{context.Request.Method} {path}", "POST /v1/chat/completions, GET /v1/models");
        }
    }

    private async Task ChatAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw ServingErrors.NotJson(context.Request.ContentType);
        }

        try
        {
            if (Interlocked.Increment(ref _requests) > options.MaxRequests)
            {
                context.Response.Headers.RetryAfter = "1";
                throw ServingErrors.Busy(options.MaxRequests);
            }

            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            ChatRequest request = ChatRequest.Read(body.RootElement);
            if (request.Model is { } model && model != options.Model)
            {
                throw ServingErrors.NotFound($"The model \"{model}\"", $"\"{options.Model}\"");
            }

            var answer = new ChatAnswer(context, options.Model);
            IAsyncEnumerable<ChatResponseUpdate> updates = client.GetStreamingResponseAsync(request.Messages, request.Options, context.RequestAborted);
            await (request.IsStreamed ? answer.StreamAsync(updates, request.IncludesUsage) : answer.WriteAsync(updates));
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    private JsonObject Model() => new()
    {
        ["id"] = options.Model,
        ["object"] = "model",
        ["created"] = _started.ToUnixTimeSeconds(),
        ["owned_by"] = "rocket",
    };

    private static int Status(string code) => code switch
    {
        "RKT8111" => StatusCodes.Status401Unauthorized,
        "RKT8112" => StatusCodes.Status404NotFound,
        "RKT8113" => StatusCodes.Status503ServiceUnavailable,
        "RKT8114" => StatusCodes.Status413PayloadTooLarge,
        "RKT8115" => StatusCodes.Status415UnsupportedMediaType,
        "RKT8117" => StatusCodes.Status403Forbidden,
        "RKT8005" or "RKT8006" => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    private static async Task FailAsync(HttpContext context, int status, string code, string message)
    {
        var error = new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] = status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error",
                ["param"] = null,
                ["code"] = code,
            },
        };
        if (context.Response.HasStarted)
        {
            await context.Response.WriteAsync($"data: {error.ToJsonString()}\n\n");
            return;
        }

        context.Response.StatusCode = status;
        await WriteAsync(context, error);
    }

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
