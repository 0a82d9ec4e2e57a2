namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Which server holds the shared entries, and how it is used.</summary>
/// <param name="Address">Base address, http or https; <c>ac/</c> and <c>cas/</c> lie below it.</param>
public sealed record RemoteOptions(Uri Address)
{
    /// <summary>Only reads; nothing is sent but requests.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What is sent with every request, or null for nothing.</summary>
    public RemoteCredentials? Credentials { get; init; }

    /// <summary>How long a request may pass without an answer or without moving a megabyte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that failing requests may cost in sum; the server is not asked any more once they did.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the end of a build waits for what is still to be sent; null for as long as it takes.</summary>
    public TimeSpan? SendingPatience { get; init; } = TimeSpan.FromMinutes(2);
}
