namespace Rocket.Pipeline.Stages;

/// <summary>Resident memory of one part of a stage, bytes.</summary>
/// <param name="Fixed">What it takes once.</param>
/// <param name="PerUnit">What every unit at work adds: a window, or a linear.</param>
public readonly record struct StagePart(long Fixed, long PerUnit)
{
    // A thread's heap keeps what a unit freed for the next one, up to where glibc is told to trim it; so does the heap of the thread that adds up.
    private const long HeapEnd = 64L << 20;

    /// <summary>With so many units at work.</summary>
    public long With(int units) => Fixed + (units * PerUnit) + ((units + 1) * Math.Min(PerUnit, HeapEnd));
}

/// <summary>Resident memory of a stage, whose parts come one after the other.</summary>
/// <param name="parts">The parts, .NET and libtorch not counted.</param>
public sealed class StageMemory(params StagePart[] parts)
{
    // .NET and libtorch before any large tensor.
    private const long Baseline = 240L << 20;

    /// <summary>Bytes with so many units at work, .NET and libtorch included.</summary>
    public long With(int units) => Baseline + parts.Max(part => part.With(units));

    /// <summary>How many units may be at work within a limit, at most <paramref name="most"/>; 0: not even one.</summary>
    public int UnitsWithin(long limit, int most)
    {
        int units = most;
        while (units > 0 && With(units) > limit)
        {
            units--;
        }

        return units;
    }
}
