using System.Collections.Concurrent;
using System.Globalization;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>The entries that a server shares with a team, over Bazel's HTTP protocol: <c>/ac/KEY</c> and <c>/cas/SHA256</c>.</summary>
/// <remarks>
/// Nothing that the server does fails a build: what is not there, is late, or is not what it should be counts as missing. Every blob is
/// compared with its digest, every action with its own check. What this run computes is sent while the run goes on.
/// </remarks>
public sealed class RemoteCache : IDisposable
{
    private const int LargestAction = 16 << 20;

    private readonly ConcurrentDictionary<Digest, ActionResult> _known = [];
    private readonly ConcurrentDictionary<Digest, bool> _distrusted = [];
    private readonly RemoteHealth _health;
    private readonly RemoteClient _client;
    private readonly UploadQueue _uploads;
    private readonly CancellationToken _cancellationToken;
    private int _actions;
    private int _downloads;

    /// <summary>Opens the server's cache; nothing is asked yet.</summary>
    /// <param name="options">Which server.</param>
    /// <param name="report">Told what goes wrong; true: a detail.</param>
    /// <param name="cancellationToken">Ends every request.</param>
    public RemoteCache(RemoteOptions options, Action<string, bool> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        _cancellationToken = cancellationToken;
        _health = new RemoteHealth(options.Address.Authority, options.IsReadOnly, options.Patience, report);
        _client = new RemoteClient(options, _health);
        _uploads = new UploadQueue(_client, _health, options.SendingPatience, report, cancellationToken);
    }

    /// <summary>What went over the network so far.</summary>
    public RemoteTraffic Traffic => new(_actions, _downloads, _client.Received, _uploads.Done, _client.Sent, _health.Failures, _client.Time);

    /// <summary>The outputs of an action, or null; the blobs are not fetched yet.</summary>
    public ActionResult? TryGetAction(Digest key)
    {
        if (_known.TryGetValue(key, out ActionResult? known))
        {
            return known;
        }

        if (_distrusted.ContainsKey(key))
        {
            return null;
        }

        byte[]? bytes = null;
        bool isThere = Wait(_client.TryGetAsync($"ac/{key}", async (body, token) => bytes = await ReadAsync(body, token), _cancellationToken));
        if (!isThere)
        {
            return null;
        }

        if (bytes is null || ActionResultCodec.TryRead(key, bytes) is not { } result)
        {
            _distrusted[key] = true;
            _health.Lied($"ac/{key}", "it is not this action's result");
            return null;
        }

        Interlocked.Increment(ref _actions);
        _known[key] = result;
        return result;
    }

    /// <summary>Brings a blob into the store, every byte of it verified.</summary>
    /// <returns>Whether the store has it now.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">The local store refuses (RKT5xxx).</exception>
    public bool TryFetch(OutputFile file, Store store)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(store);

        // One of several builds fetches it, the others find it.
        Digest key = new KeyBuilder("fetch", 1).Add("blob", file.Digest).Build();
        using IDisposable owner = store.Lock(key, null, _cancellationToken);
        if (store.TryGetBlob(file.Digest, file.Size) is not null)
        {
            return true;
        }

        string? fault = null;
        bool isThere = Wait(_client.TryGetAsync($"cas/{file.Digest}", async (body, token) => fault = await ReceiveAsync(body, file, store, token), _cancellationToken));
        if (isThere && fault is not null)
        {
            _health.Lied($"cas/{file.Digest}", fault);
        }

        if (!isThere || fault is not null)
        {
            return false;
        }

        Interlocked.Increment(ref _downloads);
        return true;
    }

    /// <summary>Does not believe an action's entry any more: an output of it cannot be had.</summary>
    public void Distrust(Digest key)
    {
        _distrusted[key] = true;
        _known.TryRemove(key, out _);
    }

    /// <summary>Sends an action with its outputs, in the background. An output that the server has is not sent again.</summary>
    public void Send(Digest key, ActionResult result, Store store)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(store);
        _uploads.Add(new Upload(key, result, store));
    }

    /// <summary>Waits until everything is sent, or the server or the patience is at its end.</summary>
    public void Finish() => _uploads.Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        _uploads.Dispose();
        _client.Dispose();
    }

    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[1 << 14];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > LargestAction)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    // The digest is taken of what arrives; a blob that is too long is not read to its end.
    private static async Task<string?> ReceiveAsync(Stream body, OutputFile file, Store store, CancellationToken cancellationToken)
    {
        using BlobWriter blob = store.CreateBlob();
        byte[] buffer = new byte[1 << 17];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (blob.Stream.Length + read > file.Size)
            {
                return string.Create(CultureInfo.InvariantCulture, $"it has more than its {file.Size} bytes");
            }

            blob.Stream.Write(buffer, 0, read);
        }

        return blob.Stream.Length < file.Size ? string.Create(CultureInfo.InvariantCulture, $"it has {blob.Stream.Length} of its {file.Size} bytes")
            : blob.TryCommit(file.Digest) ? null
            : "its bytes do not match its digest";
    }

    // Stages run on threads of their own, which have nothing to do meanwhile.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
