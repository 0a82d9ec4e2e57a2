using System.Collections.Immutable;
using Rocket.Compression.Factorization;
using Rocket.Models.Factors;

namespace Rocket.Compression.Profiling;

/// <summary>The options that a profile evaluates: dictionaries by compression ratio times rho = k/s, and sparse forms by the share of entries removed.</summary>
/// <param name="Ratios">Shares of a linear's parameters that a dictionary removes; none where that form is left out.</param>
/// <param name="Rhos">Quotients k/s, each at least 1.</param>
/// <param name="Shares">Shares of the entries that a sparse form removes; none where that form is left out.</param>
public sealed record OptionGrid(ImmutableArray<decimal> Ratios, ImmutableArray<decimal> Rhos, ImmutableArray<decimal> Shares)
{
    // A mask costs a bit a weight: where fewer bits than that are removed the codes alone are smaller, and better.
    private const decimal MaskBits = 1;

    /// <summary>Integer codes in which the forms are profiled in place of the source's type; none: in that type.</summary>
    public ImmutableArray<Quantization> Quantizations { get; init; } = [];

    /// <summary>Whether a few of many dictionaries are evaluated and the errors of the others read from a surface through them, mostly within a percent; false: all are evaluated.</summary>
    public bool IsSurveyed { get; init; }

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

    /// <summary>All options of a linear, the weight as it is aside: dense and sparse ones, then dictionaries.</summary>
    public IEnumerable<LinearOption> OptionsOf(int dIn, int dOut)
    {
        if (Quantizations.IsEmpty)
        {
            return SparseOptionsOf(dIn, dOut).Concat<LinearOption>(DictionariesOf(dIn, dOut));
        }

        Quantization[] ofMasked = [.. Quantizations.Where(quantization => quantization.GroupSize == GroupSizeOfMasked)];
        IEnumerable<LinearOption> dense = Quantizations.Select(quantization => new DenseOption { Quantization = quantization });

        // Share by share, so that a linear is pruned once for all widths.
        IEnumerable<LinearOption> sparse = SparseOptionsOf(dIn, dOut)
            .Where((_, i) => i % 2 == 1)
            .SelectMany(option => ofMasked.Where(quantization => (decimal)option.Share * quantization.Bits > MaskBits).Select(quantization => option with { Quantization = quantization }));
        IEnumerable<LinearOption> dictionaries = DictionariesOf(dIn, dOut).SelectMany(option => ofMasked.Select(quantization => option with { Quantization = quantization }));
        return dense.Concat(sparse).Concat(dictionaries);
    }

    /// <summary>Options of an embedding or a head: all entries, in the codes that suit it.</summary>
    public IEnumerable<LinearOption> OptionsOfVocabulary()
        => Quantizations.Where(quantization => quantization.SuitsVocabulary).Select(quantization => new DenseOption { Quantization = quantization });

    // Of several group sizes the middle one goes with masks.
    private int GroupSizeOfMasked => Quantizations.Select(quantization => quantization.GroupSize).Distinct().Order().ToArray() is var sizes ? sizes[sizes.Length / 2] : 0;

    /// <summary>How many of a linear's dictionaries are evaluated, where errors are as smooth as they mostly are.</summary>
    public int EvaluatedOf(int dictionaries) => IsSurveyed ? Math.Min(dictionaries, DictionarySurvey.Evaluated) : dictionaries;

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
