namespace Rocket.Tool.Serving;

/// <summary>How <see cref="ChatServer"/> serves.</summary>
internal sealed record ServerOptions
{
    /// <summary>The name of the model in requests and answers.</summary>
    public required string Model { get; init; }

    /// <summary>Address to listen on, or a name for this machine alone: <c>localhost</c>.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Key that requests must bear; null: none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Longest request.</summary>
    public long MaxRequestBytes { get; init; } = 1 << 20;

    /// <summary>Requests answered or waiting at once.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>How long a client may take for a request's headers; then it is sent away with 408.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running answers may go on after the server is told to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool IsLocal => Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out System.Net.IPAddress? address) && System.Net.IPAddress.IsLoopback(address));
}
