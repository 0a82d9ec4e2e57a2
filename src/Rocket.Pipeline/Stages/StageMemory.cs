using Rocket.Compression.Native;

namespace Rocket.Pipeline.Stages;

/// <summary>Resident memory of one part of a stage, bytes.</summary>
/// <param name="Fixed">What it takes once.</param>
/// <param name="PerUnit">What every unit at work adds: a window, or a linear.</param>
public readonly record struct StagePart(long Fixed, long PerUnit)
{
    /// <summary>With so many units at work, and what their threads' heaps and that of the thread that adds up keep of what was freed.</summary>
    public long With(int units) => Fixed + (units * PerUnit) + ((units + 1) * Math.Min(PerUnit, LibTorch.HeapEnd));
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
