using System.Runtime.ExceptionServices;

namespace Rocket.Inference.Threading;

/// <summary>
/// Threads that share the pieces of one work at a time: they spin for a moment, since the next matrix of a step follows within
/// microseconds, then sleep. Pieces are handed out one by one, so a thread that the system holds up delays its current piece only.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // A ticket holds the generation in its upper half and the next piece in its lower; this piece means that nothing is to be had.
    private const uint Closed = uint.MaxValue;
    private const int SpinsBeforeSleep = 10_000;
    private const int SpinsBeforeYield = 500;

    private readonly Thread[] _threads;
    private readonly Lock _owner = new();
    private readonly object _sleep = new();
    private ParallelWork? _work;
    private int _count;
    private int _done;
    private int _sleeping;
    private long _ticket = Closed;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isDisposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="workers">Threads at work at once, the caller's among them.</param>
    public WorkerPool(int workers)
    {
        Workers = workers;
        _threads = new Thread[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"Rocket {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads at work at once, the caller's among them.</summary>
    public int Workers { get; }

    /// <summary>Runs all pieces and returns when they are done. While another caller has the threads, this one works alone.</summary>
    public void Run(ParallelWork work, int pieces)
    {
        if (pieces > 1 && _threads.Length > 0 && _owner.TryEnter())
        {
            try
            {
                Share(work, pieces);
            }
            finally
            {
                _owner.Exit();
            }

            return;
        }

        for (int piece = 0; piece < pieces; piece++)
        {
            work.Run(piece, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        lock (_sleep)
        {
            Monitor.PulseAll(_sleep);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Share(ParallelWork work, int pieces)
    {
        _work = work;
        _count = pieces;
        _done = 0;
        long open = ((_ticket >> 32) + 1) << 32;
        Interlocked.Exchange(ref _ticket, open);
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (_sleep)
            {
                Monitor.PulseAll(_sleep);
            }
        }

        TakePieces(0);
        for (int spins = 0; Volatile.Read(ref _done) < pieces; spins++)
        {
            Pause(spins);
        }

        // Closed before the next work is written: a slow thread's claim on this generation then fails.
        Interlocked.Exchange(ref _ticket, open | Closed);
        _work = null;
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            failure.Throw();
        }
    }

    private void TakePieces(int worker)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            uint piece = (uint)ticket;
            if (piece == Closed)
            {
                return;
            }

            ParallelWork? work = _work;
            if (piece >= (uint)_count || work is null)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
            {
                continue;
            }

            try
            {
                work.Run((int)piece, worker);
            }
            catch (Exception exception)
            {
                // Thrown again by the caller's thread.
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Interlocked.Increment(ref _done);
        }
    }

    private void Serve(int worker)
    {
        int spins = 0;
        while (!_isDisposed)
        {
            if (HasPieces())
            {
                TakePieces(worker);
                spins = 0;
            }
            else if (++spins < SpinsBeforeSleep)
            {
                Pause(spins);
            }
            else
            {
                Sleep();
                spins = 0;
            }
        }
    }

    private bool HasPieces()
    {
        uint piece = (uint)Volatile.Read(ref _ticket);
        return piece != Closed && piece < (uint)Volatile.Read(ref _count);
    }

    private void Sleep()
    {
        lock (_sleep)
        {
            // The increment is a full fence: either this thread sees the new ticket, or the caller sees that it sleeps.
            Interlocked.Increment(ref _sleeping);
            if (!HasPieces() && !_isDisposed)
            {
                Monitor.Wait(_sleep);
            }

            Interlocked.Decrement(ref _sleeping);
        }
    }

    private static void Pause(int spins)
    {
        if (spins % SpinsBeforeYield == SpinsBeforeYield - 1)
        {
            Thread.Yield();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }
}
