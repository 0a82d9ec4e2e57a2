namespace Rocket.Compression.Factorization;

/// <summary>Finds the n least of many numbers without sorting them, by two passes over their bits.</summary>
internal static class LeastElements
{
    private const int Half = 16;

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

        int[] buckets = new int[1 << Half];
        foreach (uint value in values)
        {
            buckets[value >> Half]++;
        }

        (uint high, int left) = Find(buckets, count);
        Array.Clear(buckets);
        foreach (uint value in values)
        {
            if (value >> Half == high)
            {
                buckets[value & ((1 << Half) - 1)]++;
            }
        }

        (uint low, int ties) = Find(buckets, left);
        return ((high << Half) | low, ties);
    }

    private static (uint Bucket, int Left) Find(int[] buckets, int count)
    {
        uint bucket = 0;
        while (buckets[bucket] < count)
        {
            count -= buckets[bucket++];
        }

        return (bucket, count);
    }
}
