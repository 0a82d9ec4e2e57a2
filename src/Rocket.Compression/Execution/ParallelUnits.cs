using System.Runtime.ExceptionServices;

namespace Rocket.Compression.Execution;

/// <summary>
/// Runs fixed units of work on several threads. A unit is computed by one thread and its result is taken in unit order,
/// so that no output, nor the error of a run that fails, depends on the number of threads.
/// </summary>
/// <param name="threads">Threads at work, at least 1.</param>
public sealed class ParallelUnits(int threads)
{
    /// <summary>Threads at work.</summary>
    public int Threads { get; } = Math.Max(1, threads);

    /// <summary>Computes unit 0..count-1 in parallel and consumes the results one by one in unit order.</summary>
    /// <param name="count">Number of units.</param>
    /// <param name="compute">Computes a unit; runs on any thread.</param>
    /// <param name="consume">Takes the result of a unit; never runs twice at once, and in unit order.</param>
    /// <param name="cancellationToken">Stops before the next unit.</param>
    /// <exception cref="Exception">What the first failing unit, in unit order, threw; the units before it were consumed.</exception>
    public void Run<T>(int count, Func<int, T> compute, Action<int, T> consume, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(consume);
        var gate = new OrderGate();
        int next = -1;
        ExceptionDispatchInfo? failure = null;

        void Work()
        {
            for (int unit = Interlocked.Increment(ref next); unit < count && RunUnit(unit); unit = Interlocked.Increment(ref next))
            {
            }
        }

        // False: the run has failed. An error waits for its turn like a result, so that the first one in unit order is told.
        bool RunUnit(int unit)
        {
            bool isMyTurn = false;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                T result = compute(unit);
                isMyTurn = gate.TryEnter(unit);
                if (!isMyTurn)
                {
                    (result as IDisposable)?.Dispose();
                    return false;
                }

                consume(unit, result);
                gate.Leave();
                return true;
            }
#pragma warning disable CA1031 // Carried to the caller's thread and thrown there.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (isMyTurn || gate.TryEnter(unit))
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                    gate.Close();
                }

                return false;
            }
        }

        // Worker threads of one's own: units are long, and libtorch keeps per-thread state that the thread pool would multiply.
        Thread[] workers = new Thread[Math.Min(Threads, count) - 1 is var n and > 0 ? n : 0];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work, 16 << 20) { IsBackground = true, Name = $"rocket unit worker {i + 1}" };
            workers[i].Start();
        }

        Work();
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        failure?.Throw();
    }

    /// <summary>Runs units that write only to places of their own.</summary>
    public void Run(int count, Action<int> work, CancellationToken cancellationToken = default)
        => Run(
            count,
            unit =>
            {
                work(unit);
                return 0;
            },
            static (_, _) => { },
            cancellationToken);

    /// <summary>Lets units pass one at a time in increasing order.</summary>
    private sealed class OrderGate
    {
        private readonly object _monitor = new();
        private int _turn;
        private bool _closed;

        public bool TryEnter(int unit)
        {
            lock (_monitor)
            {
                while (_turn != unit && !_closed)
                {
                    Monitor.Wait(_monitor);
                }

                return !_closed;
            }
        }

        public void Leave()
        {
            lock (_monitor)
            {
                _turn++;
                Monitor.PulseAll(_monitor);
            }
        }

        public void Close()
        {
            lock (_monitor)
            {
                _closed = true;
                Monitor.PulseAll(_monitor);
            }
        }
    }
}
