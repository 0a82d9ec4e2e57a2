namespace Rocket.Compression.Factorization;

/// <summary>Finds the n least of many numbers without sorting them, by three passes over their bits; their counts stay in the first cache.</summary>
internal static class LeastElements
{
    private const int DigitBits = 11;
    private const int Digits = 3;

    /// <summary>The value of the n-th least element, and how many elements of just that value are among the n.</summary>
    /// <param name="values">Bits of nonnegative floats, whose order is theirs.</param>
    /// <param name="count">n. With 0, nothing is at or below the threshold: it is 0 with no ties.</param>
    public static (uint Threshold, int Ties) Threshold(ReadOnlySpan<uint> values, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, values.Length);
        if (count <= 0)
        {
            return (0, 0);
        }

        Span<int> buckets = stackalloc int[1 << DigitBits];
        uint found = 0;
        for (int digit = Digits - 1; digit >= 0; digit--)
        {
            int shift = digit * DigitBits;
            buckets.Clear();
            foreach (uint value in values)
            {
                // In 64 bits, where a shift by all of the 33 gives 0: the first digit has no digits before it.
                if ((ulong)value >> (shift + DigitBits) == (ulong)found >> (shift + DigitBits))
                {
                    buckets[(int)(value >> shift) & ((1 << DigitBits) - 1)]++;
                }
            }

            uint bucket = 0;
            while (buckets[(int)bucket] < count)
            {
                count -= buckets[(int)bucket++];
            }

            found |= bucket << shift;
        }

        return (found, count);
    }
}
