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
        ExceptionDispatchInfo? failure = null;
        Work(count, unit =>
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
                // An error waits for its turn like a result, so that the first one in unit order is told.
                if (isMyTurn || gate.TryEnter(unit))
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                    gate.Close();
                }

                return false;
            }
        });
        failure?.Throw();
    }

    /// <summary>Runs units that write only to places of their own; a short unit never waits for a long one.</summary>
    /// <param name="count">Number of units.</param>
    /// <param name="work">Runs a unit; runs on any thread.</param>
    /// <param name="cancellationToken">Stops before the next unit.</param>
    /// <exception cref="Exception">What the first failing unit, in unit order, threw; units at work then are finished.</exception>
    public void Run(int count, Action<int> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var failures = new SortedDictionary<int, ExceptionDispatchInfo>();
        Work(count, unit =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(unit);
            }
#pragma warning disable CA1031 // Carried to the caller's thread and thrown there.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lock (failures)
                {
                    failures.Add(unit, ExceptionDispatchInfo.Capture(exception));
                }
            }

            lock (failures)
            {
                return failures.Count == 0;
            }
        });
        failures.Values.FirstOrDefault()?.Throw();
    }

    // Units are handed out in order; a worker stops when its unit says that the run has failed.
    private void Work(int count, Func<int, bool> runUnit)
    {
        int next = -1;
        void Loop()
        {
            for (int unit = Interlocked.Increment(ref next); unit < count && runUnit(unit); unit = Interlocked.Increment(ref next))
            {
            }
        }

        // Worker threads of one's own: units are long, and libtorch keeps per-thread state that the thread pool would multiply.
        Thread[] workers = new Thread[Math.Min(Threads, count) - 1 is var n and > 0 ? n : 0];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Loop, 16 << 20) { IsBackground = true, Name = $"rocket unit worker {i + 1}" };
            workers[i].Start();
        }

        Loop();
        foreach (Thread worker in workers)
        {
            worker.Join();
        }
    }

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
