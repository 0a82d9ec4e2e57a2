using System.Numerics;
using System.Runtime.InteropServices;

namespace Rocket.Compression.Factorization;

/// <summary>The ranges of one group of all rows of a <see cref="RowTile"/>: codes and values as <see cref="QuantizationRange"/> has them, many rows at once.</summary>
internal sealed class RowRanges
{
    private readonly Vector<float>[] _scales = new Vector<float>[RowTile.VectorsPerColumn];
    private readonly Vector<float>[] _divisors = new Vector<float>[RowTile.VectorsPerColumn];
    private readonly Vector<float>[] _zeros = new Vector<float>[RowTile.VectorsPerColumn];
    private readonly Vector<float>[] _least = new Vector<float>[RowTile.VectorsPerColumn];
    private readonly Vector<float>[] _most = new Vector<float>[RowTile.VectorsPerColumn];

    /// <summary>Sets the range of a row.</summary>
    public void Set(int row, QuantizationRange range)
    {
        // Where the scale is 0 every value has the code of 0.
        float scale = (float)range.Scale;
        Of(_scales)[row] = scale;
        Of(_divisors)[row] = scale == 0 ? 1 : scale;
        Of(_zeros)[row] = range.Zero;
        Of(_least)[row] = scale == 0 ? range.Zero : 0;
        Of(_most)[row] = scale == 0 ? range.Zero : range.LargestCode;

        static Span<float> Of(Vector<float>[] vectors) => MemoryMarshal.Cast<Vector<float>, float>(vectors.AsSpan());
    }

    /// <summary>The codes nearest to a vector of values.</summary>
    /// <param name="v">Which of the vectors of a column.</param>
    /// <param name="values">A value of every row.</param>
    public Vector<float> CodesOf(int v, Vector<float> values)
        => Vector.MinNative(Vector.MaxNative(Vector.Round(values / _divisors[v]) + _zeros[v], _least[v]), _most[v]);

    /// <summary>The difference of a vector of codes to their zero points.</summary>
    public Vector<float> StepsOf(int v, Vector<float> codes) => codes - _zeros[v];

    /// <summary>The values of a vector of codes.</summary>
    public Vector<float> ValuesOf(int v, Vector<float> codes) => _scales[v] * StepsOf(v, codes);
}
