namespace Rocket.Compression.Factorization;

/// <summary>Outlines of a linear's dictionaries: sums over the whitened weight in its own basis, without a solve or a product.</summary>
public sealed class DictionaryOutlines
{
    private readonly Func<int, int, double[]> _kept;
    private readonly double[] _energies;
    private readonly double[] _unitWeights;

    /// <summary>Takes a basis.</summary>
    /// <param name="basis">The whitened weight.</param>
    /// <param name="kept">The energy of each atom's stored coefficients, <c>[k]</c>, for k atoms with s coefficients a column.</param>
    internal DictionaryOutlines(WhitenedBasis basis, Func<int, int, double[]> kept)
    {
        _kept = kept;
        DOut = basis.DOut;
        _energies = basis.Energies.ToArray();
        _unitWeights = [.. basis.AtomNorms.ToArray().Select(norm => norm * norm)];
    }

    /// <summary>Rows of the weight.</summary>
    public int DOut { get; }

    /// <summary>The outline of k atoms with s coefficients a column.</summary>
    public DictionaryOutline Of(int k, int s)
    {
        double[] kept = _kept(k, s);
        return new DictionaryOutline(Energy(kept, null), Energy(kept, _unitWeights), kept.Count(energy => energy > 0));
    }

    private OutlinedEnergy Energy(double[] kept, double[]? weights)
    {
        (double all, double tail, double dropped) = (0, 0, 0);
        for (int i = 0; i < _energies.Length; i++)
        {
            double weight = weights?[i] ?? 1;
            double energy = weight * _energies[i];
            all += energy;
            if (i >= kept.Length || kept[i] == 0)
            {
                tail += energy;
            }
            else
            {
                dropped += Math.Max(0, energy - (weight * kept[i]));
            }
        }

        return new OutlinedEnergy(tail / all, dropped / all);
    }

    /// <summary>Outlines of dictionaries whose columns store their largest entries; the order of these is had once.</summary>
    internal static DictionaryOutlines OfLargest(WhitenedBasis basis)
    {
        int m = basis.Count;
        int[] order = new int[m * basis.DOut];
        float[] keys = new float[m];
        ReadOnlySpan<float> coefficients = basis.Coefficients.Span;
        for (int start = 0; start < order.Length; start += m)
        {
            Span<int> own = order.AsSpan(start, m);
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = -MathF.Abs(coefficients[start + i]);
                own[i] = i;
            }

            keys.AsSpan().Sort(own);
        }

        return new DictionaryOutlines(basis, (k, s) =>
        {
            double[] kept = new double[k];
            KeepFirst(basis, order, s, kept);
            return kept;
        });
    }

    /// <summary>Adds the energies of the first entries of every column that belong to the leading k atoms.</summary>
    /// <param name="basis">The whitened weight.</param>
    /// <param name="order">For every column of Z its entries in the order in which they are stored, <c>[d_out, m]</c>.</param>
    /// <param name="count">Entries of a column, at most k.</param>
    /// <param name="kept">Receives the energy of each atom, <c>[k]</c>.</param>
    /// <returns>Where each column's walk ended in its order, <c>[d_out]</c>.</returns>
    internal static int[] KeepFirst(WhitenedBasis basis, int[] order, int count, double[] kept)
    {
        int m = basis.Count;
        int[] ends = new int[basis.DOut];
        ReadOnlySpan<float> z = basis.Coefficients.Span;
        for (int j = 0; j < ends.Length; j++)
        {
            int n = 0;
            for (int left = count; left > 0; n++)
            {
                int i = order[(j * m) + n];
                if (i < kept.Length)
                {
                    kept[i] += (double)z[(j * m) + i] * z[(j * m) + i];
                    left--;
                }
            }

            ends[j] = n;
        }

        return ends;
    }
}
