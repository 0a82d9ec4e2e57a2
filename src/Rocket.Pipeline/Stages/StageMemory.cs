namespace Rocket.Pipeline.Stages;

/// <summary>Resident memory of a stage, bytes.</summary>
/// <param name="Fixed">What it takes once, .NET and libtorch included.</param>
/// <param name="PerUnit">What every unit at work adds: a window, or a linear.</param>
public readonly record struct StageMemory(long Fixed, long PerUnit)
{
    /// <summary>With so many units at work.</summary>
    public long With(int units) => Fixed + (units * PerUnit);

    /// <summary>How many units may be at work within a limit, at most <paramref name="most"/>; 0: not even one.</summary>
    public int UnitsWithin(long limit, int most) => (int)Math.Clamp((limit - Fixed) / Math.Max(PerUnit, 1), 0, most);
}
