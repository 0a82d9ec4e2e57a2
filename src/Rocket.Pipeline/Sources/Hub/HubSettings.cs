using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>How the Hugging Face hub is reached: the variables that its own clients read.</summary>
internal sealed record HubSettings
{
    private const string PublicEndpoint = "https://huggingface.co";

    /// <summary>Address of the hub, without a slash at its end: <c>HF_ENDPOINT</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>What says who asks: <c>HF_TOKEN</c>, else the file that <c>huggingface-cli login</c> writes; null: nobody in particular.</summary>
    public string? Token { get; init; }

    /// <summary>The cache that all of the hub's clients share: <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Whether nothing may be fetched: <c>HF_HUB_OFFLINE</c>.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Value of a variable; null or empty where it is not set.</param>
    public static HubSettings Read(Func<string, string?> variable)
    {
        string home = First("HF_HOME") ?? Path.Combine(First("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");
        string tokenFile = First("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
        string endpoint = (First("HF_ENDPOINT") ?? PublicEndpoint).TrimEnd('/');
        return new HubSettings
        {
            Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
                ? address
                : throw SourceErrors.BadAnswer(endpoint, "HF_ENDPOINT is no http or https address."),
            Token = First("HF_TOKEN")?.Trim() ?? ReadToken(tokenFile),
            CacheFolder = First("HF_HUB_CACHE") ?? First("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"),
            IsOffline = First("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };

        string? First(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    private static string? ReadToken(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.TokenUnreadable(path, exception);
        }
    }
}
