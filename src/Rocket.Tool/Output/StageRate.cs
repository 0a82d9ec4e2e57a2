using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>How fast a stage goes on.</summary>
/// <param name="start">When it was first heard of.</param>
internal sealed class StageRate(TimeSpan start)
{
    private int _first = -1;

    /// <summary>How far it is.</summary>
    public StageProgress Last { get; private set; }

    /// <summary>When it was last heard of.</summary>
    public TimeSpan Time { get; private set; } = start;

    /// <summary>Since when it is known.</summary>
    public TimeSpan Start { get; } = start;

    /// <summary>Whether all its units are done.</summary>
    public bool IsDone => Last.Done >= Last.Total;

    /// <summary>Units a second; null before one was done in this run.</summary>
    public double? PerSecond => Last.Done > _first && Time > Start ? (Last.Done - _first) / (Time - Start).TotalSeconds : null;

    /// <summary>Time that the rest will take at this rate.</summary>
    public TimeSpan? Remaining => !IsDone && PerSecond is { } rate ? TimeSpan.FromSeconds((Last.Total - Last.Done) / rate) : null;

    /// <summary>Takes in how far it is; what the store had already at the first word does not count as speed.</summary>
    public void Add(StageProgress progress, TimeSpan now)
    {
        _first = _first < 0 ? progress.Done : _first;
        Last = progress.Unit is null ? progress with { Unit = Last.Unit } : progress;
        Time = now;
    }
}
