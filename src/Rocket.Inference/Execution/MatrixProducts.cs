using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>
/// Products that may run at once. A few tokens: every thread takes runs of rows and multiplies them with each token.
/// Many: it expands some rows to float32 once and multiplies them with tiles of tokens. Both give the same bits.
/// </summary>
internal sealed unsafe class MatrixProducts(MatrixKernels kernels, WorkerPool pool) : ParallelWork, IDisposable
{
    // From here on expanding rows is cheaper than reading them once a token.
    private const int TileTokens = 4;

    // A piece begins where nothing was fetched ahead, and handing it out costs about what reading some kilobytes does: one a thread is faster than two. Large products have more,
    // so that a thread that the system holds up delays little (docs/performance.md).
    private const int LeastPieceBytes = 16 << 10;
    private const int MostPieceBytes = 1 << 20;

    // Expanded rows stay in the second level's cache, the inputs of a tile in the first's.
    private const int ExpandedFloats = 48 << 10;
    private const int MostExpandedRows = 32;
    private const int RowsAtOnce = 4;
    private const int TileHeight = 6;

    private readonly NativeBuffer?[] _expanded = new NativeBuffer?[pool.Workers];
    private readonly List<MatrixProduct> _products = [];
    private readonly List<(int First, int Rows)> _pieces = [];
    private int _tokens;

    /// <summary>Forgets the products of the last run.</summary>
    public void Begin(int tokens)
    {
        _tokens = tokens;
        _products.Clear();
        _pieces.Clear();
    }

    /// <summary>Adds a product.</summary>
    public void Add(in MatrixProduct product) => _products.Add(product);

    /// <summary>Computes all products.</summary>
    public void Run()
    {
        int pieces = 0;
        long expanded = 0;
        long bytes = 0;
        foreach (MatrixProduct product in _products)
        {
            bytes += product.Matrix.ByteLength;
        }

        long pieceBytes = Math.Clamp(bytes / pool.Workers, LeastPieceBytes, MostPieceBytes);
        foreach (MatrixProduct product in _products)
        {
            int rows = RowsOfPiece(product.Matrix, pieceBytes);
            _pieces.Add((pieces, rows));
            pieces += (product.Matrix.Rows + rows - 1) / rows;
            expanded = Math.Max(expanded, (long)rows * MatrixKernels.Padded(product.Matrix.Columns));
        }

        for (int worker = 0; worker < _expanded.Length && _tokens >= TileTokens; worker++)
        {
            NativeBuffer.Ensure(ref _expanded[worker], expanded);
        }

        pool.Run(this, pieces);
    }

    /// <inheritdoc/>
    public override void Run(int piece, int worker)
    {
        int index = _products.Count - 1;
        while (_pieces[index].First > piece)
        {
            index--;
        }

        MatrixProduct product = _products[index];
        (int first, int most) = _pieces[index];
        int firstRow = (piece - first) * most;
        int rows = Math.Min(most, product.Matrix.Rows - firstRow);
        if (_tokens >= TileTokens)
        {
            MultiplyExpanded(product, firstRow, rows, _expanded[worker]!.Pointer);
        }
        else
        {
            MultiplyRows(product, firstRow, rows);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer? buffer in _expanded)
        {
            buffer?.Dispose();
        }
    }

    private int RowsOfPiece(WeightMatrix matrix, long pieceBytes)
    {
        long rows = _tokens >= TileTokens
            ? Math.Min(MostExpandedRows, ExpandedFloats / MatrixKernels.Padded(matrix.Columns))
            : pieceBytes * matrix.Rows / Math.Max(1, matrix.ByteLength);
        return Math.Max(RowsAtOnce, (int)Math.Min(rows, matrix.Rows) / RowsAtOnce * RowsAtOnce);
    }

    private void MultiplyRows(in MatrixProduct product, int firstRow, int rows)
    {
        for (int t = 0; t < _tokens; t++)
        {
            float* y = (float*)product.Y + ((nint)t * product.YStride);
            product.Matrix.Multiply(kernels, firstRow, rows, (float*)product.X + ((nint)t * product.XStride), y);
            AddBias(product, firstRow, rows, y);
        }
    }

    private void MultiplyExpanded(in MatrixProduct product, int firstRow, int rows, float* expanded)
    {
        int padded = MatrixKernels.Padded(product.Matrix.Columns);
        for (int r = 0; r < rows; r++)
        {
            product.Matrix.Expand(kernels, firstRow + r, expanded + ((nint)r * padded));
        }

        for (int t = 0; t < _tokens; t += TileHeight)
        {
            int tokens = Math.Min(TileHeight, _tokens - t);
            float* y = (float*)product.Y + ((nint)t * product.YStride);
            kernels.MultiplyTile((float*)product.X + ((nint)t * product.XStride), product.XStride, tokens, expanded, padded, rows, padded, y + firstRow, product.YStride);
            for (int i = 0; i < tokens; i++)
            {
                AddBias(product, firstRow, rows, y + ((nint)i * product.YStride));
            }
        }
    }

    private static void AddBias(in MatrixProduct product, int firstRow, int rows, float* y)
    {
        if (product.Bias is { } bias)
        {
            VectorMath.AddScaled(y + firstRow, bias.Pointer + firstRow, 1, rows);
        }
    }
}
