using System.Diagnostics;

namespace Rocket.Benchmarks;

/// <summary>Wall time; or with one thread the processor time, which a machine under load can still tell.</summary>
/// <param name="threads">Threads at work.</param>
internal sealed class Clock(int threads)
{
    private readonly Process _process = Process.GetCurrentProcess();

    /// <summary>What is measured.</summary>
    public string Name => threads == 1 ? "processor time of one thread" : $"wall time of {threads} threads";

    /// <summary>Seconds that an action takes.</summary>
    public double Measure(Action action)
    {
        _process.Refresh();
        TimeSpan start = _process.TotalProcessorTime;
        long wall = Stopwatch.GetTimestamp();
        action();
        double seconds = Stopwatch.GetElapsedTime(wall).TotalSeconds;
        _process.Refresh();
        return threads == 1 ? (_process.TotalProcessorTime - start).TotalSeconds : seconds;
    }
}
