using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>Speaks the hub's routes: a repository's files, a file's announcement, its bytes. Nothing is written here.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;
    private const int LargestAnswer = 64 << 20;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly HubSettings _settings;
    private readonly HttpClient _http;
    private readonly HubRetry _retry;

    /// <param name="settings">How the hub is reached.</param>
    /// <param name="retry">When a request is sent again.</param>
    public HubClient(HubSettings settings, HubRetry retry)
    {
        (_settings, _retry) = (settings, retry);

        // Redirects are followed by hand: what the first answer says of a file is in its headers. Proxies of the environment count.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = AnswerTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("rocket", "1.0"));
    }

    /// <summary>The commit of a revision and the paths of its files.</summary>
    public async Task<(string Commit, ImmutableArray<string> Files)> ListAsync(string repository, string revision, CancellationToken cancellationToken)
    {
        var address = new Uri($"{_settings.Endpoint.AbsoluteUri.TrimEnd('/')}/api/models/{repository}/revision/{Uri.EscapeDataString(revision)}");
        byte[] answer = await _retry.RunAsync(address, async token =>
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, address, null, $"\"{repository}\"", revision, follow: true, token).ConfigureAwait(false);
            return await ReadAsync(response, address, token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            string commit = document.RootElement.GetProperty("sha").GetString() ?? "";
            return HubPath.IsCommit(commit)
                ? (commit, [.. document.RootElement.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString() ?? "")])
                : throw SourceErrors.BadAnswer(address.AbsoluteUri, $"\"{commit}\" is no commit.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw SourceErrors.BadAnswer(address.AbsoluteUri, $"what it sends is no description of a model: {exception.Message}");
        }
    }

    /// <summary>What the hub says of a file before it sends it.</summary>
    public Task<HubFile> DescribeAsync(string repository, string commit, string path, CancellationToken cancellationToken)
    {
        var address = new Uri($"{_settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{repository}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
        return _retry.RunAsync(address, async token =>
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Head, address, null, $"\"{path}\" in \"{repository}\"", commit, follow: false, token).ConfigureAwait(false);
            string etag = (Header(response, "X-Linked-Etag") ?? Header(response, "ETag") ?? "").Replace("W/", "", StringComparison.Ordinal).Trim('"');
            long? length = long.TryParse(Header(response, "X-Linked-Size"), out long linked) ? linked : response.Content.Headers.ContentLength;
            return !HubPath.IsContentName(etag) ? throw SourceErrors.BadAnswer(address.AbsoluteUri, "it tells no ETag.")
                : length is null ? throw SourceErrors.BadAnswer(address.AbsoluteUri, "it tells no length.")
                : new HubFile(path, commit, etag, length.Value, response.Headers.Location is { } location ? new Uri(address, location.OriginalString) : address);
        }, cancellationToken);
    }

    /// <summary>Begins to read a file's bytes; the caller disposes of the answer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Bytes that are here already.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HttpResponseMessage> OpenAsync(HubFile file, long from, CancellationToken cancellationToken)
        => SendAsync(HttpMethod.Get, file.Address, from > 0 ? new RangeHeaderValue(from, null) : null, $"\"{file.Path}\"", file.Commit, follow: true, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, RangeHeaderValue? range, string what, string revision, bool follow, CancellationToken cancellationToken)
    {
        Uri next = address;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            HttpResponseMessage response = await SendOnceAsync(method, next, range, cancellationToken).ConfigureAwait(false);
            bool isRedirect = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;

            // A redirect to an address without a host is the hub's own: the repository was renamed. Any other says where a file's bytes are.
            if (!isRedirect || (!follow && HasHost(response.Headers.Location!)))
            {
                return isRedirect || response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
                    ? response
                    : throw Refused(response, next, what, revision);
            }

            Uri target = new(next, response.Headers.Location!.OriginalString);
            response.Dispose();
            if (target.Scheme != Uri.UriSchemeHttps && target.Scheme != next.Scheme)
            {
                throw SourceErrors.BadAnswer(next.AbsoluteUri, $"it leads from {next.Scheme} to {target.Scheme}.");
            }

            next = target;
        }

        throw SourceErrors.BadAnswer(address.AbsoluteUri, $"it leads elsewhere more than {MostRedirects} times.");
    }

    // On Unix a path is an absolute URI for .NET: that of a file.
    private static bool HasHost(Uri location) => location.IsAbsoluteUri && !location.OriginalString.StartsWith('/');

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, address);
        request.Headers.Range = range;
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));

        // The token is the hub's alone: where its files lie is another host.
        if (_settings.Token is { } token && Uri.Compare(address, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"There was no answer within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private Exception Refused(HttpResponseMessage response, Uri address, string what, string revision)
    {
        using (response)
        {
            int status = (int)response.StatusCode;
            return status switch
            {
                401 or 403 => SourceErrors.HubRefuses(what, status, _settings.Token is not null),
                404 or 410 => SourceErrors.NotOnHub(what, revision),
                408 or 425 or 429 or >= 500 => new HubBusyException(status, RetryAfter(response)),
                _ => SourceErrors.BadAnswer(address.AbsoluteUri, $"HTTP {status}."),
            };
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values) ? values.First() : null;

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri address, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, read);
                if (content.Length > LargestAnswer)
                {
                    throw SourceErrors.BadAnswer(address.AbsoluteUri, $"its answer is longer than {LargestAnswer} bytes.");
                }
            }
        }

        return content.ToArray();
    }
}
