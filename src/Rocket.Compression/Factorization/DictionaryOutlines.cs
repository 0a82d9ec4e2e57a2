namespace Rocket.Compression.Factorization;

/// <summary>Outlines of a linear's dictionaries: sums over the whitened weight in its own basis, without a solve or a product.</summary>
public sealed class DictionaryOutlines
{
    private readonly WhitenedBasis _basis;
    private readonly int[] _order;
    private readonly double[] _energies;
    private readonly double[] _unitWeights;

    /// <summary>Takes a basis.</summary>
    /// <param name="basis">The whitened weight.</param>
    /// <param name="order">For every column of Z its entries in the order in which they are stored, <c>[d_out, m]</c>.</param>
    internal DictionaryOutlines(WhitenedBasis basis, int[] order)
    {
        (_basis, _order) = (basis, order);
        _energies = basis.Energies.ToArray();
        _unitWeights = [.. basis.AtomNorms.ToArray().Select(norm => norm * norm)];
    }

    /// <summary>Rows of the weight.</summary>
    public int DOut => _basis.DOut;

    /// <summary>The outline of k atoms with s coefficients a column.</summary>
    public DictionaryOutline Of(int k, int s)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(s, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, _basis.Count);
        double[] kept = new double[k];
        ReadOnlySpan<float> z = _basis.Coefficients.Span;
        for (int start = 0; start < _order.Length; start += _basis.Count)
        {
            ReadOnlySpan<int> order = _order.AsSpan(start, _basis.Count);
            ReadOnlySpan<float> column = z.Slice(start, _basis.Count);
            int left = s;
            for (int n = 0; left > 0; n++)
            {
                int i = order[n];
                if (i < k)
                {
                    kept[i] += (double)column[i] * column[i];
                    left--;
                }
            }
        }

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

    /// <summary>Outlines of dictionaries whose columns store their largest entries.</summary>
    internal static DictionaryOutlines OfLargest(WhitenedBasis basis)
    {
        int[] order = new int[basis.Count * basis.DOut];
        float[] keys = new float[basis.Count];
        ReadOnlySpan<float> z = basis.Coefficients.Span;
        for (int start = 0; start < order.Length; start += basis.Count)
        {
            Span<int> own = order.AsSpan(start, basis.Count);
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = -MathF.Abs(z[start + i]);
                own[i] = i;
            }

            keys.AsSpan().Sort(own);
        }

        return new DictionaryOutlines(basis, order);
    }
}
