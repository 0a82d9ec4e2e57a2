namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Ends a transfer that stands still or crawls: a megabyte must move, or the transfer end, within every timeout.</summary>
internal sealed class TransferWatch : IDisposable
{
    private const int Step = 1 << 20;

    private readonly TimeSpan _timeout;
    private readonly CancellationToken _outer;
    private readonly CancellationTokenSource _source;
    private long _moved;

    public TransferWatch(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _outer = cancellationToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(timeout);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the watch, and not the caller, ended the transfer.</summary>
    public bool IsExpired => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>Bytes have moved.</summary>
    public void Moved(int bytes)
    {
        _moved += bytes;
        if (_moved >= Step)
        {
            Restart();
        }
    }

    /// <summary>The next part of the exchange begins.</summary>
    public void Restart()
    {
        _moved = 0;
        _source.CancelAfter(_timeout);
    }

    public void Dispose() => _source.Dispose();
}
