using System.Threading.Channels;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Sends actions while the build goes on: the outputs first, the action when they are all there.</summary>
internal sealed class UploadQueue : IDisposable
{
    private const int Senders = 4;

    private readonly Channel<Upload> _waiting = Channel.CreateUnbounded<Upload>();
    private readonly RemoteClient _client;
    private readonly RemoteHealth _health;
    private readonly TimeSpan? _patience;
    private readonly Action<string, bool> _report;
    private readonly CancellationTokenSource _cancellation;
    private readonly Task[] _senders;
    private int _added;
    private int _done;

    public UploadQueue(RemoteClient client, RemoteHealth health, TimeSpan? patience, Action<string, bool> report, CancellationToken cancellationToken)
    {
        _client = client;
        _health = health;
        _patience = patience;
        _report = report;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAllAsync))];
    }

    /// <summary>Actions that were sent whole.</summary>
    public int Done => Volatile.Read(ref _done);

    public void Add(Upload upload)
    {
        if (_health.CanWrite && _waiting.Writer.TryWrite(upload))
        {
            Interlocked.Increment(ref _added);
        }
    }

    /// <summary>Takes no more and waits for what is left; then throws what a sender threw.</summary>
    public void Finish()
    {
        _waiting.Writer.TryComplete();
        Task all = Task.WhenAll(_senders);
        int patience = _patience is { } time ? (int)time.TotalMilliseconds : Timeout.Infinite;
        if (Task.WaitAny([all], patience) < 0)
        {
            _report($"The remote cache is slow: {_added - Done} of {_added} actions were not sent within {_patience!.Value.TotalSeconds:0} s and stay on this machine alone.", false);
            _cancellation.Cancel();
        }

        all.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _cancellation.Cancel();

        // What a sender threw is Finish's to tell; here another error may be on its way already.
        Task.WhenAll(_senders).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _cancellation.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (Upload upload in _waiting.Reader.ReadAllAsync(_cancellation.Token))
            {
                if (_health.CanWrite && await TrySendAsync(upload, _cancellation.Token))
                {
                    Interlocked.Increment(ref _done);
                }
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            // The build was cancelled or has waited long enough; what was not sent is computed or sent by another build.
        }
    }

    private async Task<bool> TrySendAsync(Upload upload, CancellationToken cancellationToken)
    {
        foreach (OutputFile file in upload.Result.OutputFiles)
        {
            string path = $"cas/{file.Digest}";
            if (!await _client.ExistsAsync(path, file.Size, cancellationToken)
                && !(_health.CanWrite
                    && upload.Store.TryGetBlob(file.Digest, file.Size) is { } blob
                    && await _client.TryPutAsync(path, () => Open(blob), file.Size, cancellationToken)))
            {
                return false;
            }
        }

        byte[] action = ActionResultCodec.Write(upload.Key, upload.Result);
        return await _client.TryPutAsync($"ac/{upload.Key}", () => new MemoryStream(action), action.Length, cancellationToken);
    }

    private static FileStream Open(string blob) => new(blob, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
}
