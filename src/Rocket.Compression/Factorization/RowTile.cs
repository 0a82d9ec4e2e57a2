using System.Numerics;
using System.Runtime.InteropServices;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Columns of some rows of a matrix, held as <c>[columns, rows]</c>: rows do not depend on each other, so that a vector works on one column of many.
/// Every row undergoes what it would alone, operation by operation.
/// </summary>
/// <param name="columns">Columns that there is room for.</param>
internal sealed class RowTile(int columns)
{
    /// <summary>Vectors of a column: enough sums side by side that none waits for its last addition, and a tile that fits a first cache.</summary>
    public const int VectorsPerColumn = 4;

    /// <summary>Columns that are best brought up to date together.</summary>
    public const int Panel = 2;

    private readonly Vector<float>[] _vectors = new Vector<float>[columns * VectorsPerColumn];

    /// <summary>Rows of a tile; those that a matrix lacks are 0.</summary>
    public static int Rows => VectorsPerColumn * Vector<float>.Count;

    private Span<float> Elements => MemoryMarshal.Cast<Vector<float>, float>(_vectors.AsSpan());

    /// <summary>A column.</summary>
    public Span<Vector<float>> this[int column] => _vectors.AsSpan(column * VectorsPerColumn, VectorsPerColumn);

    /// <summary>Copies from a matrix.</summary>
    /// <param name="source">The matrix from the tile's first row and column on.</param>
    /// <param name="stride">Columns of the matrix.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="width">Columns to copy.</param>
    public void Load(ReadOnlySpan<float> source, int stride, int rows, int width)
    {
        Span<float> elements = Cleared(rows);
        for (int j = 0; j < rows; j++)
        {
            ReadOnlySpan<float> row = source.Slice(j * stride, width);
            for (int c = 0; c < row.Length; c++)
            {
                elements[(c * Rows) + j] = row[c];
            }
        }
    }

    /// <summary>Copies codes from a matrix.</summary>
    public void Load(ReadOnlySpan<byte> source, int stride, int rows, int width)
    {
        Span<float> elements = Cleared(rows);
        for (int j = 0; j < rows; j++)
        {
            ReadOnlySpan<byte> row = source.Slice(j * stride, width);
            for (int c = 0; c < row.Length; c++)
            {
                elements[(c * Rows) + j] = row[c];
            }
        }
    }

    /// <summary>Makes a mask of bits: all of them where an entry is true.</summary>
    /// <param name="source">The matrix from the tile's first row and column on; empty: all are true.</param>
    public void LoadMask(ReadOnlySpan<bool> source, int stride, int rows, int width)
    {
        Span<int> elements = MemoryMarshal.Cast<float, int>(Cleared(rows));
        if (source.IsEmpty)
        {
            elements.Fill(-1);
            return;
        }

        // No branch: a random one costs more than all else here.
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        for (int j = 0; j < rows; j++)
        {
            ReadOnlySpan<byte> row = bytes.Slice(j * stride, width);
            for (int c = 0; c < row.Length; c++)
            {
                elements[(c * Rows) + j] = -row[c];
            }
        }
    }

    /// <summary>Copies columns into a matrix.</summary>
    /// <param name="first">First column to copy.</param>
    /// <param name="target">The matrix from the place of that column in the tile's first row on.</param>
    /// <param name="stride">Columns of the matrix.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="width">Columns to copy.</param>
    public void Store(int first, Span<float> target, int stride, int rows, int width)
    {
        ReadOnlySpan<float> elements = Elements[(first * Rows)..];
        for (int j = 0; j < rows; j++)
        {
            Span<float> row = target.Slice(j * stride, width);
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = elements[(c * Rows) + j];
            }
        }
    }

    /// <summary>Copies codes into a matrix.</summary>
    public void Store(Span<byte> target, int stride, int rows, int width)
    {
        ReadOnlySpan<float> elements = Elements;
        for (int j = 0; j < rows; j++)
        {
            Span<byte> row = target.Slice(j * stride, width);
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = (byte)elements[(c * Rows) + j];
            }
        }
    }

    /// <summary>Takes from every column c of some, one after the other, what others give to it: the matrix's entry (k, c) times column k.</summary>
    /// <param name="begin">First of the columns.</param>
    /// <param name="end">The column after them.</param>
    /// <param name="others">Holds the others.</param>
    /// <param name="first">First of the others.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="block">The matrix.</param>
    public void SubtractProducts(int begin, int end, RowTile others, int first, int count, SquareBlock block)
    {
        ReadOnlySpan<Vector<float>> terms = others._vectors.AsSpan(first * VectorsPerColumn, count * VectorsPerColumn);
        int c = begin;
        for (; c + 1 < end; c += Panel)
        {
            SubtractFromTwo(this[c], this[c + 1], terms, block.GivenTo(c, first, count), block.GivenTo(c + 1, first, count));
        }

        if (c < end)
        {
            SubtractFromOne(this[c], terms, block.GivenTo(c, first, count));
        }
    }

    /// <summary>For every row, the inner product with another tile over some columns, summed as <see cref="Vectors.Dot"/> does.</summary>
    /// <param name="other">The other tile.</param>
    /// <param name="first">First of the columns.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">Of every row.</param>
    public void Dot(RowTile other, int first, int count, Span<float> sums)
    {
        int lanes = Vector<float>.Count;
        int whole = count - (count % lanes);
        Span<Vector<float>> partial = stackalloc Vector<float>[lanes * VectorsPerColumn];
        partial.Clear();
        for (int c = 0; c < whole; c++)
        {
            Span<Vector<float>> sum = partial.Slice(c % lanes * VectorsPerColumn, VectorsPerColumn);
            AddProducts(sum, this[first + c], other[first + c]);
        }

        ReadOnlySpan<float> elements = MemoryMarshal.Cast<Vector<float>, float>(partial);
        Span<float> lane = stackalloc float[lanes];
        for (int j = 0; j < Rows; j++)
        {
            for (int i = 0; i < lanes; i++)
            {
                lane[i] = elements[(i * Rows) + j];
            }

            sums[j] = Vector.Sum(new Vector<float>(lane));
        }

        for (int c = whole; c < count; c++)
        {
            AddProducts(MemoryMarshal.Cast<float, Vector<float>>(sums), this[first + c], other[first + c]);
        }
    }

    private static void SubtractFromOne(Span<Vector<float>> target, ReadOnlySpan<Vector<float>> terms, ReadOnlySpan<float> factors)
    {
        (Vector<float> t0, Vector<float> t1, Vector<float> t2, Vector<float> t3) = (target[0], target[1], target[2], target[3]);
        foreach (float value in factors)
        {
            var factor = new Vector<float>(value);
            t0 -= terms[0] * factor;
            t1 -= terms[1] * factor;
            t2 -= terms[2] * factor;
            t3 -= terms[3] * factor;
            terms = terms[VectorsPerColumn..];
        }

        (target[0], target[1], target[2], target[3]) = (t0, t1, t2, t3);
    }

    // Half as many loads.
    private static void SubtractFromTwo(
        Span<Vector<float>> left, Span<Vector<float>> right, ReadOnlySpan<Vector<float>> terms, ReadOnlySpan<float> leftFactors, ReadOnlySpan<float> rightFactors)
    {
        (Vector<float> l0, Vector<float> l1, Vector<float> l2, Vector<float> l3) = (left[0], left[1], left[2], left[3]);
        (Vector<float> r0, Vector<float> r1, Vector<float> r2, Vector<float> r3) = (right[0], right[1], right[2], right[3]);
        for (int k = 0; k < leftFactors.Length && k < rightFactors.Length; k++)
        {
            var factor = new Vector<float>(leftFactors[k]);
            var other = new Vector<float>(rightFactors[k]);
            l0 -= terms[0] * factor;
            l1 -= terms[1] * factor;
            l2 -= terms[2] * factor;
            l3 -= terms[3] * factor;
            r0 -= terms[0] * other;
            r1 -= terms[1] * other;
            r2 -= terms[2] * other;
            r3 -= terms[3] * other;
            terms = terms[VectorsPerColumn..];
        }

        (left[0], left[1], left[2], left[3]) = (l0, l1, l2, l3);
        (right[0], right[1], right[2], right[3]) = (r0, r1, r2, r3);
    }

    private static void AddProducts(Span<Vector<float>> sums, ReadOnlySpan<Vector<float>> a, ReadOnlySpan<Vector<float>> b)
    {
        for (int v = 0; v < VectorsPerColumn; v++)
        {
            sums[v] += a[v] * b[v];
        }
    }

    private Span<float> Cleared(int rows)
    {
        if (rows < Rows)
        {
            Elements.Clear();
        }

        return Elements;
    }
}
