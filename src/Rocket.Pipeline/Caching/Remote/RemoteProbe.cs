using System.Net;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Asks a remote cache once whether it may be read.</summary>
public static class RemoteProbe
{
    // No entry has this key: a server that is well says so, or that it does not know.
    private static readonly string NoEntry = $"ac/{new string('0', 64)}";

    /// <summary>Asks.</summary>
    /// <returns>Null where it answers as a cache does; else what is wrong, with the way out.</returns>
    public static string? FindFault(RemoteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = options.Timeout }) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{options.Address.AbsoluteUri.TrimEnd('/')}/{NoEntry}");
        request.Headers.Authorization = options.Credentials?.Header;
        try
        {
            using HttpResponseMessage response = http.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => null,
                _ when response.IsSuccessStatusCode => null,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired =>
                    $"it refuses to be read ({(int)response.StatusCode}). Set {RemoteCredentials.TokenVariable}, or {RemoteCredentials.UserVariable} and {RemoteCredentials.PasswordVariable}.",
                HttpStatusCode status => $"it answers {(int)status} where a cache says 404. Check the address.",
            };
        }
        catch (HttpRequestException exception)
        {
            return $"{exception.GetBaseException().Message.TrimEnd('.')}. Builds go on without it.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {options.Timeout.TotalSeconds:0} s. Builds go on without it.";
        }
    }
}
