using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Rocket.Inference.Chat;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;
using Rocket.Tool.Serving;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket serve</c>: OpenAI's chat protocol over HTTP.</summary>
internal static class ServeCommand
{
    private const string KeyVariable = "ROCKET_API_KEY";

    public static Command Create(GlobalOptions globals)
    {
        var model = new ChatModelOptions();
        var host = new Option<string>("--host") { Description = "Address to listen on; 0.0.0.0 for all of them.", DefaultValueFactory = _ => "localhost", HelpName = "ADDRESS" };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 for any that is free.", DefaultValueFactory = _ => 8080, HelpName = "N" };
        var key = new Option<string?>("--api-key") { Description = $"Key that requests must bear; by default {KeyVariable}, else none.", HelpName = "KEY" };
        var parallel = new Option<int>("--parallel") { Description = "Answers at once; more wait.", DefaultValueFactory = _ => 4, HelpName = "N" };
        var requests = new Option<int>("--max-requests") { Description = "Requests answered or waiting at once; more are refused.", DefaultValueFactory = _ => 64, HelpName = "N" };
        var bytes = new Option<long>("--max-request-bytes") { Description = "Longest request.", DefaultValueFactory = _ => 1 << 20, HelpName = "N" };
        var command = new Command("serve", "Serve a model over HTTP: /v1/chat/completions and /v1/models, as OpenAI's clients expect them.") { host, port, key, parallel, requests, bytes };
        model.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket serve out/smollm2/r30 --port 8080");
        return globals.SetAction(command, (parsed, session) =>
        {
            int parallelism = Between("--parallel", parsed.GetValue(parallel), 1, 1024);
            var options = new ServerOptions
            {
                Model = model.Name(parsed),
                Host = Address(parsed.GetValue(host)!),
                Port = Between("--port", parsed.GetValue(port), 0, IPEndPoint.MaxPort),
                ApiKey = (parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable)) is { Length: > 0 } chosen ? chosen : null,
                MaxRequests = Between("--max-requests", parsed.GetValue(requests), 1, 1 << 16),
                MaxRequestBytes = parsed.GetValue(bytes) is > 0 and var length ? length : throw CommandLineErrors.BadValue("--max-request-bytes", $"{parsed.GetValue(bytes)}", "1 or more"),
            };
            using RocketChatClient client = model.Load(parsed, parallelism, kept: 2 * parallelism);
            ServeAsync(client, options, session).GetAwaiter().GetResult();
            return 0;
        });
    }

    private static async Task ServeAsync(RocketChatClient client, ServerOptions options, Session session)
    {
        await using ChatServer server = await ChatServer.StartAsync(client, options);
        if (!options.IsLocal && options.ApiKey is null)
        {
            session.Terminal.ErrorWriter.WriteLine($"rocket: warning: whoever reaches {server.Address} can use the model. Set --api-key.");
        }

        if (session.IsJson)
        {
            JsonOutput.WriteLine(session.Terminal, new JsonObject { ["model"] = options.Model, ["address"] = server.Address });
        }
        else
        {
            session.Terminal.WriteLine($"{options.Model} at {server.Address}/v1 (Ctrl+C ends)");
        }

        await session.Terminal.OutWriter.FlushAsync();
        var stopped = new TaskCompletionSource();
        await using (session.CancellationToken.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        await server.StopAsync();
    }

    private static string Address(string host) => host == "localhost" || IPAddress.TryParse(host, out _)
        ? host
        : throw CommandLineErrors.BadValue("--host", host, "localhost or an IP address");

    private static int Between(string option, int value, int least, int most)
        => value >= least && value <= most ? value : throw CommandLineErrors.BadValue(option, value.ToString(CultureInfo.InvariantCulture), $"a whole number from {least} to {most}");
}
