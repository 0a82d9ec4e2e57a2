namespace Rocket.Inference.Sampling;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed on every platform and version.</summary>
internal struct RandomStream(ulong seed)
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong _state = seed;

    /// <summary>A number from 0 to below 1.</summary>
    public double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * Unit;
    }
}
