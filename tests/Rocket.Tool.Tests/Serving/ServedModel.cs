using Rocket.Inference.Chat;
using Rocket.Tool.Serving;

namespace Rocket.Tool.Tests.Serving;

/// <summary>The real chat model behind a server, once for all tests of a class.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    public const string Model = "smollm2-135m";
    public const string Key = "secret";

    private RocketChatClient? _client;
    private ChatServer? _server;

    public Uri Address => new(_server!.Address);

    public async ValueTask InitializeAsync()
    {
        _client = RocketChatClient.Load(SmolLm2.Folder, new RocketChatOptions { Parallelism = 4, KeptConversations = 8 });
        _server = await StartAnotherAsync(options => options);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.StopAsync();
        await _server.DisposeAsync();
        _client!.Dispose();
    }

    /// <summary>A server of its own for the same model.</summary>
    internal Task<ChatServer> StartAnotherAsync(Func<ServerOptions, ServerOptions> change)
        => ChatServer.StartAsync(_client!, change(new ServerOptions { Model = Model, ApiKey = Key, MaxRequestBytes = 1 << 16 }));

    /// <summary>A client that bears the key.</summary>
    public HttpClient CreateHttp()
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return http;
    }
}
