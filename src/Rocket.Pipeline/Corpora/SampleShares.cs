using System.Collections.Immutable;

namespace Rocket.Pipeline.Corpora;

/// <summary>Divides windows among sources of text.</summary>
public static class SampleShares
{
    /// <summary>
    /// Parts of <paramref name="samples"/> in proportion to weights, by largest remainders (Hamilton's method): each gets its quota
    /// rounded down, what is left goes one by one to the largest fractions, the earlier first where they are equal.
    /// </summary>
    /// <param name="samples">What is divided; not negative.</param>
    /// <param name="weights">Each greater than 0.</param>
    /// <returns>A part for every weight; together they are <paramref name="samples"/>.</returns>
    public static ImmutableArray<int> Divide(int samples, ImmutableArray<decimal> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (weights.IsDefaultOrEmpty || weights.Any(weight => weight <= 0))
        {
            throw new ArgumentException("There must be a weight, and each must be greater than 0.", nameof(weights));
        }

        decimal total = weights.Sum();
        decimal[] quotas = [.. weights.Select(weight => samples * weight / total)];
        int[] shares = [.. quotas.Select(quota => (int)quota)];
        int left = samples - shares.Sum();
        foreach (int i in Enumerable.Range(0, shares.Length).OrderByDescending(i => quotas[i] - shares[i]).ThenBy(i => i).Take(left))
        {
            shares[i]++;
        }

        return [.. shares];
    }
}
