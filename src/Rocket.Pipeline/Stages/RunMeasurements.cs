using System.Collections.Immutable;
using System.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>What a run took: wall time a stage, and how many actions it had to compute. Never part of a key or an artifact.</summary>
public sealed class RunMeasurements
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, TimeSpan> _wall = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _computed = new(StringComparer.Ordinal);
    private readonly HashSet<Digest> _made = [];
    private readonly HashSet<Digest> _found = [];

    /// <summary>Wall time by stage.</summary>
    public ImmutableSortedDictionary<string, TimeSpan> Wall
    {
        get
        {
            lock (_gate)
            {
                return _wall.ToImmutableSortedDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Actions computed by stage; what came from the store is not among them.</summary>
    public ImmutableSortedDictionary<string, int> Computed
    {
        get
        {
            lock (_gate)
            {
                return _computed.ToImmutableSortedDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Actions whose outputs were in the store when they were first asked for.</summary>
    public int Reused
    {
        get
        {
            lock (_gate)
            {
                return _found.Count;
            }
        }
    }

    /// <summary>Counts one computed action.</summary>
    public void Count(string stage, Digest key)
    {
        lock (_gate)
        {
            _made.Add(key);
            _computed[stage] = _computed.GetValueOrDefault(stage) + 1;
        }
    }

    /// <summary>Counts an action that was found, once, and not if this run computed it.</summary>
    public void CountReused(Digest key)
    {
        lock (_gate)
        {
            if (!_made.Contains(key))
            {
                _found.Add(key);
            }
        }
    }

    /// <summary>Adds the wall time until the result is disposed of.</summary>
    public IDisposable Time(string stage) => new Timer(this, stage);

    /// <summary>Largest resident memory of this process so far, in bytes; 0 where the system does not tell.</summary>
    public static long PeakMemory()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
        {
            return Process.GetCurrentProcess().PeakWorkingSet64;
        }

        string? line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private sealed class Timer(RunMeasurements owner, string stage) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._wall[stage] = owner._wall.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(_start);
            }
        }
    }
}
