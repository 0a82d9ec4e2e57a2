namespace Rocket.Pipeline.Sources.Hub;

/// <summary>The hub answers that it cannot answer now; it never leaves <see cref="HubRetry"/>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="retryAfter">How long it asks to wait.</param>
internal sealed class HubBusyException(int status, TimeSpan? retryAfter) : Exception($"it answers HTTP {status}.")
{
    /// <summary>How long it asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
