using System.Collections.Immutable;
using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>The options that a profile evaluates: dictionaries by compression ratio times rho = k/s, and sparse forms by the share of entries removed.</summary>
/// <param name="Ratios">Shares of a linear's parameters that a dictionary removes; none where that form is left out.</param>
/// <param name="Rhos">Quotients k/s, each at least 1.</param>
/// <param name="Shares">Shares of the entries that a sparse form removes; none where that form is left out.</param>
public sealed record OptionGrid(ImmutableArray<decimal> Ratios, ImmutableArray<decimal> Rhos, ImmutableArray<decimal> Shares)
{
    /// <summary>The paper's grid: ratios 0.05 to 0.70 by 0.05, rho 1.0 to 3.0 by 0.1.</summary>
    public static OptionGrid Paper { get; } = new(Range(0.05m, 0.70m, 0.05m), Range(1.0m, 3.0m, 0.1m), []);

    /// <summary>from, from + step, .. up to and including to; decimal, so that nothing drifts.</summary>
    public static ImmutableArray<decimal> Range(decimal from, decimal to, decimal step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var values = ImmutableArray.CreateBuilder<decimal>();
        for (decimal value = from; value <= to; value += step)
        {
            values.Add(value);
        }

        return values.ToImmutable();
    }

    /// <summary>The sparse options of a linear; none removes so much that nothing stays.</summary>
    public IEnumerable<SparseOption> SparseOptionsOf(int dIn, int dOut)
    {
        foreach (decimal share in Shares)
        {
            long kept = (long)Math.Floor((1 - share) * dIn * dOut);
            if (kept >= 1)
            {
                yield return new SparseOption((double)share, kept);
            }
        }
    }

    /// <summary>The dictionaries that exist for a linear, ratio by ratio.</summary>
    /// <remarks>k = floor((1 - ratio) d_in d_out / (d_in + d_out / rho)), s = floor(k / rho); with k above min(d_in, d_out), k &lt; 1 or s &lt; 1 there is none.</remarks>
    public IEnumerable<DictionaryOption> DictionariesOf(int dIn, int dOut)
    {
        foreach (decimal ratio in Ratios)
        {
            foreach (decimal rho in Rhos)
            {
                int k = (int)Math.Floor((1 - ratio) * dIn * dOut * rho / ((dIn * rho) + dOut));
                int s = (int)Math.Floor(k / rho);
                if (k >= 1 && s >= 1 && k <= Math.Min(dIn, dOut))
                {
                    yield return new DictionaryOption((double)ratio, (double)rho, k, s);
                }
            }
        }
    }
}
