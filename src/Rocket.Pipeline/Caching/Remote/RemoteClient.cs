using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>GET, HEAD and PUT of entries, with retries and under watch. What fails is told to the health and answered with false.</summary>
internal sealed class RemoteClient : IDisposable
{
    private const int Retries = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http;
    private readonly RemoteOptions _options;
    private readonly RemoteHealth _health;
    private readonly ResiliencePipeline _retry;
    private readonly string _base;
    private long _received;
    private long _sent;
    private long _time;

    public RemoteClient(RemoteOptions options, RemoteHealth health)
    {
        _options = options;
        _health = health;
        _base = options.Address.AbsoluteUri.TrimEnd('/') + "/";

        // Decompressed here and not by the handler, which would hide what goes over the wire. The watch does what the client's own timeout does not.
        var handler = new SocketsHttpHandler { ConnectTimeout = options.Timeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5), AutomaticDecompression = DecompressionMethods.None };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = options.Credentials?.Header;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("rocket", null));
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        _retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RemoteFault>(_ => health.CanRead),
                MaxRetryAttempts = Retries,
                Delay = FirstPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    /// <summary>Bytes received so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Time in requests so far, summed over threads.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref _time));

    /// <summary>Reads an entry.</summary>
    /// <param name="path">Such as <c>ac/KEY</c>.</param>
    /// <param name="consume">Reads the body; called anew for every try.</param>
    /// <returns>Whether the entry was there and was read to its end.</returns>
    public Task<bool> TryGetAsync(string path, Func<Stream, CancellationToken, Task> consume, CancellationToken cancellationToken) => RunAsync(
        path,
        async watch =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _base + path);
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
            if (!IsThere(response, path))
            {
                return false;
            }

            watch.Restart();
            await using Stream wire = new WireStream(await response.Content.ReadAsStreamAsync(watch.Token), watch, count => Interlocked.Add(ref _received, count));
            await using Stream body = Decoded(wire, response.Content.Headers.ContentEncoding);
            await consume(body, watch.Token);
            return true;
        },
        cancellationToken);

    /// <summary>Whether an entry of that size is there.</summary>
    public Task<bool> ExistsAsync(string path, long? size, CancellationToken cancellationToken) => RunAsync(
        path,
        async watch =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, _base + path);
            request.Headers.AcceptEncoding.ParseAdd("identity");
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
            return IsThere(response, path) && (size is null || response.Content.Headers.ContentLength is null || response.Content.Headers.ContentLength == size);
        },
        cancellationToken);

    /// <summary>Writes an entry.</summary>
    /// <param name="open">Opens the bytes; called anew for every try.</param>
    /// <returns>Whether the server has taken it.</returns>
    public Task<bool> TryPutAsync(string path, Func<Stream> open, long size, CancellationToken cancellationToken) => RunAsync(
        path,
        async watch =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, _base + path)
            {
                Content = new WatchedContent(open(), size, watch, count => Interlocked.Add(ref _sent, count)),
            };

            // A server that will not take it says so before the bytes are sent.
            request.Headers.ExpectContinue = size > 1 << 16;
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
            return IsTaken(response, path);
        },
        cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<bool> RunAsync(string path, Func<TransferWatch, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        if (!_health.CanRead)
        {
            return false;
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            bool result = await _retry.ExecuteAsync(async token => await TryOnceAsync(attempt, token), cancellationToken);
            _health.Succeeded();
            return result;
        }
        catch (RemoteFault fault)
        {
            _health.Failed(path, fault.Message);
            return false;
        }
        finally
        {
            Interlocked.Add(ref _time, Stopwatch.GetElapsedTime(start).Ticks);
        }
    }

    private async Task<bool> TryOnceAsync(Func<TransferWatch, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var watch = new TransferWatch(_options.Timeout, cancellationToken);
        try
        {
            return await attempt(watch);
        }
        catch (Exception exception) when (IsFault(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            string reason = watch.IsExpired ? $"no answer, or less than a megabyte, within {_options.Timeout.TotalSeconds:0.#} s" : exception.GetBaseException().Message.TrimEnd('.');
            _health.Lost(Stopwatch.GetElapsedTime(start), reason);
            throw new RemoteFault(reason, exception);
        }
    }

    // Failures of the local store are coded and go through.
    private static bool IsFault(Exception exception) => exception is HttpRequestException or IOException or InvalidDataException;

    private bool IsThere(HttpResponseMessage response, string path)
    {
        ThrowIfTransient(response);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired:
                _health.ReadRefused(Status(response));
                return false;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return false;
            case var status when (int)status is >= 200 and < 300:
                return true;
            default:
                _health.Failed(path, Status(response));
                return false;
        }
    }

    private bool IsTaken(HttpResponseMessage response, string path)
    {
        ThrowIfTransient(response);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.ProxyAuthenticationRequired:
                _health.WriteRefused(Status(response));
                return false;
            case var status when (int)status is >= 200 and < 300:
                return true;
            default:
                _health.Failed(path, Status(response));
                return false;
        }
    }

    private static void ThrowIfTransient(HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
        {
            throw new HttpRequestException($"it answers {Status(response)}", null, response.StatusCode);
        }
    }

    private static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    private static Stream Decoded(Stream wire, ICollection<string> encodings) => string.Join(',', encodings).ToLowerInvariant() switch
    {
        "" or "identity" => wire,
        "gzip" or "x-gzip" => new GZipStream(wire, CompressionMode.Decompress),
        "br" => new BrotliStream(wire, CompressionMode.Decompress),
        string other => throw new InvalidDataException($"it answers in the encoding '{other}', which was not asked for"),
    };
}
