namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Decides from what went wrong whether the server is still asked. Once it is given up, it is for the rest of the run.</summary>
/// <param name="server">The server's name, for people.</param>
/// <param name="isReadOnly">Whether nothing is sent from the start.</param>
/// <param name="patience">Time that failing requests may cost in sum.</param>
/// <param name="report">Told sentences; true: a detail.</param>
internal sealed class RemoteHealth(string server, bool isReadOnly, TimeSpan patience, Action<string, bool> report)
{
    private const int MostFailures = 3;
    private const int MostLies = 3;

    private readonly Lock _gate = new();
    private TimeSpan _lost;
    private int _inSequence;
    private int _lies;
    private int _failures;
    private volatile bool _canRead = true;
    private volatile bool _canWrite = !isReadOnly;

    public bool CanRead => _canRead;

    public bool CanWrite => _canRead && _canWrite;

    public int Failures
    {
        get
        {
            lock (_gate)
            {
                return _failures;
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _inSequence = 0;
        }
    }

    /// <summary>One try of a request failed.</summary>
    public void Lost(TimeSpan time, string reason)
    {
        lock (_gate)
        {
            _lost += time;
            GiveUpIf(_lost >= patience, reason);
        }
    }

    /// <summary>A request failed for good.</summary>
    public void Failed(string what, string reason)
    {
        lock (_gate)
        {
            _failures++;
            report($"The remote cache {server} failed for {what}: {reason}", true);
            GiveUpIf(++_inSequence >= MostFailures, reason);
        }
    }

    /// <summary>An answer was not what it should be.</summary>
    public void Lied(string what, string reason)
    {
        lock (_gate)
        {
            _failures++;
            report($"The remote cache {server} holds a bad {what}: {reason}. It is not used.", true);
            GiveUpIf(++_lies >= MostLies, "its entries are damaged");
        }
    }

    /// <summary>The server does not let this user read.</summary>
    public void ReadRefused(string status)
    {
        lock (_gate)
        {
            _failures++;
            GiveUpIf(true, $"it refuses to be read ({status}); set {RemoteCredentials.TokenVariable}, or {RemoteCredentials.UserVariable} and {RemoteCredentials.PasswordVariable}");
        }
    }

    /// <summary>The server takes nothing from this user.</summary>
    public void WriteRefused(string status)
    {
        lock (_gate)
        {
            if (_canWrite)
            {
                _canWrite = false;
                report($"The remote cache {server} takes nothing from this build ({status}); it is only read from.", false);
            }
        }
    }

    private void GiveUpIf(bool isHopeless, string reason)
    {
        if (isHopeless && _canRead)
        {
            _canRead = false;
            report($"The remote cache {server} is not used any more in this run: {reason}. The build goes on without it.", false);
        }
    }
}
