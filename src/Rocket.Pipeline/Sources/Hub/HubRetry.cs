using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>Sends a request again when the connection broke or the hub was busy: after what Retry-After asks, else after 1, 2, 4, ... s.</summary>
internal sealed class HubRetry
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly ResiliencePipeline _pipeline;

    /// <param name="attempts">Times that a request is sent again.</param>
    /// <param name="delay">The first wait where the hub asks for none.</param>
    /// <param name="log">Told of every wait.</param>
    public HubRetry(int attempts, TimeSpan delay, Action<string> log) => _pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsOfTheNetwork),
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            Delay = delay,
            MaxDelay = TimeSpan.FromSeconds(30),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is HubBusyException { RetryAfter: { } wait }
                ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestWait.Ticks))
                : (TimeSpan?)null),
            OnRetry = arguments =>
            {
                log($"the hub: {arguments.Outcome.Exception!.Message.TrimEnd('.')}; trying again in {arguments.RetryDelay.TotalSeconds:0.#} s");
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>Does what asks the hub.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2354: it failed to the last.</exception>
    public async Task<T> RunAsync<T>(Uri address, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await request(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            throw SourceErrors.HubFails(address.AbsoluteUri, exception.Message, exception);
        }
    }

    // A disk that is full fails with an IOException too, and would do so again.
    private static bool IsOfTheNetwork(Exception exception)
        => exception is HttpRequestException or HubBusyException or HttpIOException or IOException { InnerException: SocketException };
}
