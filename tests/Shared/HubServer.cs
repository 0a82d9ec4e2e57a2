using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Rocket.Tests;

/// <summary>A hub of one repository that speaks Hugging Face's routes over real sockets, with the faults of real networks.</summary>
internal sealed class HubServer : IDisposable
{
    public const string Repository = "someone/stories";

    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _store = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();

    public HubServer()
    {
        _hub.Start();
        _store.Start();
        _ = AcceptAsync(_hub, isStore: false);
        _ = AcceptAsync(_store, isStore: true);
    }

    /// <summary>The files, by path.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The commit of <c>main</c>.</summary>
    public string Commit { get; set; } = new('a', 40);

    /// <summary>Names that the listing tells beside those of the files.</summary>
    public List<string> FurtherNames { get; } = [];

    /// <summary>The token that requests to the hub must bear; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Asked before every answer: what to do instead of answering well; null: nothing.</summary>
    public Func<HubRequest, HubFault?> Fault { get; set; } = _ => null;

    /// <summary>Address of the hub.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_hub.LocalEndpoint).Port}";

    /// <summary>Address of the host that large files lie on.</summary>
    public string StoreAddress => $"http://127.0.0.1:{((IPEndPoint)_store.LocalEndpoint).Port}";

    /// <summary>All requests, in their order.</summary>
    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    /// <summary>Files of this size and more lie on the other host, named by SHA-256.</summary>
    public int LargeFile { get; init; } = 100_000;

#pragma warning disable CA5350 // git names content by SHA-1
    public static string ETagOf(byte[] content, bool isLarge) => isLarge
        ? Convert.ToHexStringLower(SHA256.HashData(content))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350

    /// <summary>Takes a folder's files.</summary>
    public HubServer With(string folder)
    {
        foreach (string file in Directory.GetFiles(folder))
        {
            Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        }

        return this;
    }

    /// <summary>Bytes of content that were sent from the other host.</summary>
    public long BytesFromStore() => _requests.Where(request => request.IsStore).Sum(request => request.Sent);

    public void Dispose()
    {
        _stop.Cancel();
        _hub.Dispose();
        _store.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, bool isStore)
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client, isStore));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, bool isStore)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                if (await HubRequest.ReadAsync(stream, isStore) is { } request)
                {
                    _requests.Enqueue(request);
                    await AnswerAsync(stream, request);
                }
            }
            catch (IOException)
            {
                // The client went away, as some tests want it to.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, HubRequest request)
    {
        HubFault fault = Fault(request) ?? new HubFault();
        (int status, Dictionary<string, string> headers, byte[] content) = fault.Status is { } instead
            ? (instead, new Dictionary<string, string>(), fault.Body ?? [])
            : Answer(request);
        foreach ((string name, string value) in fault.Headers)
        {
            headers[name] = value;
        }

        content = fault.Change?.Invoke(content) ?? content;
        headers.TryAdd("Content-Length", content.Length.ToString(CultureInfo.InvariantCulture));
        var head = new StringBuilder($"HTTP/1.1 {status} Status\r\nConnection: close\r\n");
        foreach ((string name, string value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (request.Method != "HEAD")
        {
            byte[] sent = fault.CutAfter is { } cut && cut < content.Length ? content[..cut] : content;
            await stream.WriteAsync(sent);
            await stream.FlushAsync();
            request.Sent = sent.Length;
        }
    }

    private (int Status, Dictionary<string, string> Headers, byte[] Content) Answer(HubRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!request.IsStore && Token is not null && request.Authorization != $"Bearer {Token}")
        {
            return (401, headers, []);
        }

        // A proxy is asked for whole addresses.
        string path = request.Path.StartsWith("http://hub.invalid/", StringComparison.Ordinal) ? request.Path["http://hub.invalid".Length..] : request.Path;
        if (path == $"/api/models/{Repository}/revision/main")
        {
            string names = string.Join(',', Files.Keys.Order(StringComparer.Ordinal).Concat(FurtherNames).Select(name => $$"""{"rfilename":{{System.Text.Json.JsonSerializer.Serialize(name)}}}"""));
            return (200, headers, Encoding.UTF8.GetBytes($$"""{"sha":"{{Commit}}","siblings":[{{names}}]}"""));
        }

        string resolve = $"/{Repository}/resolve/{Commit}/";
        string? file = request.IsStore ? Files.Keys.FirstOrDefault(name => $"/files/{ETagOf(Files[name], true)}" == path)
            : path.StartsWith(resolve, StringComparison.Ordinal) ? path[resolve.Length..] : null;
        if (file is null || !Files.TryGetValue(file, out byte[]? content))
        {
            return (404, headers, []);
        }

        bool isLarge = content.Length >= LargeFile;
        headers["ETag"] = $"\"{ETagOf(content, isLarge)}\"";
        headers["X-Repo-Commit"] = Commit;
        if (isLarge && !request.IsStore)
        {
            headers["X-Linked-Etag"] = headers["ETag"];
            headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
            headers["ETag"] = "\"the redirect's own\"";
            headers["Location"] = $"{StoreAddress}/files/{ETagOf(content, true)}";
            return (302, headers, []);
        }

        if (request.Method == "HEAD")
        {
            headers["Content-Length"] = content.Length.ToString(CultureInfo.InvariantCulture);
        }

        if (request.RangeStart is not { } from)
        {
            return (200, headers, content);
        }

        headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        return from >= content.Length ? (416, headers, []) : (206, headers, content[(int)from..]);
    }
}
