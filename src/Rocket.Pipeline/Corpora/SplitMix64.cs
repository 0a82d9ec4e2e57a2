namespace Rocket.Pipeline.Corpora;

/// <summary>The SplitMix64 generator (Steele, Lea and Flood, 2014): Rocket's source of chance, the same on every platform and runtime.</summary>
public sealed class SplitMix64
{
    private ulong _state;

    /// <summary>Starts the sequence of a seed.</summary>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, each equally probable (Lemire, 2019).</summary>
    public ulong Next(ulong bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);

        // 2^64 mod bound: products whose low half is below it would favour some numbers.
        ulong threshold = unchecked(0 - bound) % bound;
        while (true)
        {
            ulong high = Math.BigMul(Next(), bound, out ulong low);
            if (low >= threshold)
            {
                return high;
            }
        }
    }
}
