namespace Rocket.Compression.Factorization;

/// <summary>Chooses which coefficients a sparse factor keeps: the paper's importance by column, then a refill over the whole matrix.</summary>
/// <remarks>
/// Section 3 of the paper, step 3 of algorithm 1. The order of the entries does not depend on k and s: it is had once a linear,
/// and every option walks it. Ties go to the smaller index.
/// </remarks>
public sealed class CoefficientSelection
{
    // Share of k that is held back from the columns and given out over the whole matrix.
    private const double RefillShare = 0.005;

    private readonly WhitenedBasis _basis;
    private readonly int[] _columnOrder;
    private readonly int[] _matrixOrder;
    private readonly Lazy<int[]> _places;

    /// <summary>Orders the entries of a basis.</summary>
    public CoefficientSelection(WhitenedBasis basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        _basis = basis;
        _columnOrder = OrderColumns(basis);
        _matrixOrder = OrderMatrix(basis);
        _places = new Lazy<int[]>(Places, LazyThreadSafetyMode.None);
        Outlines = new DictionaryOutlines(basis, KeptEnergies);
    }

    /// <summary>Outlines of the dictionaries that it chooses.</summary>
    internal DictionaryOutlines Outlines { get; }

    /// <summary>Writes C^T <c>[d_out, k]</c> with s entries a column on average, nnz = s d_out.</summary>
    /// <param name="k">Number of atoms, 1..m.</param>
    /// <param name="s">Coefficients a column, 1..k.</param>
    /// <param name="coefficients">Receives C^T.</param>
    public void Select(int k, int s, Span<float> coefficients)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, _basis.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(s, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(s, k);
        ArgumentOutOfRangeException.ThrowIfNotEqual(coefficients.Length, _basis.DOut * k);
        int m = _basis.Count;
        int dOut = _basis.DOut;
        ReadOnlySpan<float> z = _basis.Coefficients.Span;
        coefficients.Clear();
        int perColumn = PerColumn(k, s);
        for (int j = 0; j < dOut; j++)
        {
            ReadOnlySpan<int> order = _columnOrder.AsSpan(j * m, m);
            Span<float> column = coefficients.Slice(j * k, k);
            int left = perColumn;
            for (int n = 0; n < m && left > 0; n++)
            {
                int i = order[n];
                if (i < k)
                {
                    column[i] = z[(j * m) + i];
                    left--;
                }
            }
        }

        long refill = (long)(s - perColumn) * dOut;
        for (int n = 0; n < _matrixOrder.Length && refill > 0; n++)
        {
            int i = Math.DivRem(_matrixOrder[n], dOut, out int j);
            if (i < k && coefficients[(j * k) + i] == 0)
            {
                coefficients[(j * k) + i] = z[(j * m) + i];
                refill--;
            }
        }
    }

    // What Select would store, without writing it.
    private double[] KeptEnergies(int k, int s)
    {
        int m = _basis.Count;
        ReadOnlySpan<float> z = _basis.Coefficients.Span;
        ReadOnlySpan<int> places = _places.Value;
        double[] kept = new double[k];
        int perColumn = PerColumn(k, s);
        int[] ends = DictionaryOutlines.KeepFirst(_basis, _columnOrder, perColumn, kept);
        long refill = (long)(s - perColumn) * _basis.DOut;
        for (int n = 0; refill > 0 && n < _matrixOrder.Length; n++)
        {
            int i = Math.DivRem(_matrixOrder[n], _basis.DOut, out int j);
            if (i < k && places[(j * m) + i] >= ends[j])
            {
                kept[i] += (double)z[(j * m) + i] * z[(j * m) + i];
                refill--;
            }
        }

        return kept;
    }

    private int[] Places()
    {
        int m = _basis.Count;
        int[] places = new int[_columnOrder.Length];
        for (int n = 0; n < places.Length; n++)
        {
            places[(n - (n % m)) + _columnOrder[n]] = n % m;
        }

        return places;
    }

    private static int PerColumn(int k, int s) => Math.Max(1, s - (int)Math.Round(RefillShare * k));

    // By sqrt(|c| |c| r): the geometric mean of an entry's whitened and its original-space magnitude.
    private static int[] OrderColumns(WhitenedBasis basis)
    {
        int m = basis.Count;
        int[] order = new int[(long)m * basis.DOut];
        float[] scale = [.. basis.AtomNorms.ToArray().Select(norm => (float)Math.Sqrt(norm))];
        ulong[] keys = new ulong[m];
        ReadOnlySpan<float> z = basis.Coefficients.Span;
        for (int j = 0; j < basis.DOut; j++)
        {
            for (int i = 0; i < m; i++)
            {
                keys[i] = FallingKey(MathF.Abs(z[(j * m) + i]) * scale[i], i);
            }

            Array.Sort(keys);
            for (int n = 0; n < m; n++)
            {
                order[(j * m) + n] = (int)(uint)keys[n];
            }
        }

        return order;
    }

    // By |c| r, an entry's magnitude in the space of W; an index is i d_out + j.
    private static int[] OrderMatrix(WhitenedBasis basis)
    {
        int m = basis.Count;
        ReadOnlySpan<float> z = basis.Coefficients.Span;
        ReadOnlySpan<double> norms = basis.AtomNorms.Span;
        ulong[] keys = new ulong[(long)m * basis.DOut];
        for (int j = 0; j < basis.DOut; j++)
        {
            for (int i = 0; i < m; i++)
            {
                int index = (i * basis.DOut) + j;
                keys[index] = FallingKey(MathF.Abs(z[(j * m) + i]) * (float)norms[i], index);
            }
        }

        Array.Sort(keys);
        int[] order = new int[keys.Length];
        for (int n = 0; n < keys.Length; n++)
        {
            order[n] = (int)(uint)keys[n];
        }

        return order;
    }

    // Sorts by falling importance, then by rising index: the bits of a nonnegative float rise with its value.
    private static ulong FallingKey(float importance, int index)
        => ((ulong)~BitConverter.SingleToUInt32Bits(importance) << 32) | (uint)index;
}
