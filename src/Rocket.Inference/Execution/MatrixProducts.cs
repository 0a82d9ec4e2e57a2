using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>
/// Products that may run at once. A few tokens: every thread takes runs of rows and multiplies them with each token.
/// Many: it unpacks a panel of rows to float32 once and multiplies it with tiles of tokens.
/// </summary>
internal sealed unsafe class MatrixProducts : ParallelWork, IDisposable
{
    // From here on unpacking a panel is cheaper than reading the rows once a token (measured: docs/performance.md).
    private const int PanelTokens = 4;
    private const int PieceBytes = 32 << 10;
    private const int TokenTile = 48;
    private const int TokensWorthSplitting = 192;

    private readonly MatrixKernels _kernels;
    private readonly WorkerPool _pool;
    private readonly NativeBuffer[] _scratch;
    private readonly List<MatrixProduct> _products = [];
    private readonly List<int> _firstPiece = [];
    private int _tokens;
    private int _tokenParts;

    /// <summary>Makes scratch memory for every thread of the pool.</summary>
    public MatrixProducts(MatrixKernels kernels, WorkerPool pool)
    {
        _kernels = kernels;
        _pool = pool;
        _scratch = [.. Enumerable.Range(0, pool.Workers).Select(_ => new NativeBuffer((2L * MatrixKernels.Depth * kernels.PanelWidth) + (TokenTile * kernels.PanelWidth)))];
    }

    /// <summary>Whether so many tokens are multiplied by panels.</summary>
    public static bool UsesPanels(int tokens) => tokens >= PanelTokens;

    /// <summary>Forgets the products of the last run.</summary>
    public void Begin(int tokens)
    {
        _tokens = tokens;
        _products.Clear();
    }

    /// <summary>Adds a product.</summary>
    public void Add(in MatrixProduct product) => _products.Add(product);

    /// <summary>Computes all products.</summary>
    public void Run()
    {
        int strips = 0;
        foreach (MatrixProduct product in _products)
        {
            strips += Pieces(product.Matrix);
        }

        // Halves of the tokens balance the threads where there are few panels; each half unpacks the panel anew.
        _tokenParts = UsesPanels(_tokens) && _tokens >= TokensWorthSplitting && strips % _pool.Workers != 0 && strips < 8 * _pool.Workers ? 2 : 1;
        _firstPiece.Clear();
        int pieces = 0;
        foreach (MatrixProduct product in _products)
        {
            _firstPiece.Add(pieces);
            pieces += Pieces(product.Matrix) * _tokenParts;
        }

        _pool.Run(this, pieces);
    }

    /// <inheritdoc/>
    public override void Run(int piece, int worker)
    {
        int index = _products.Count - 1;
        while (_firstPiece[index] > piece)
        {
            index--;
        }

        MatrixProduct product = _products[index];
        int part = piece - _firstPiece[index];
        if (UsesPanels(_tokens))
        {
            int half = (_tokens + _tokenParts - 1) / _tokenParts;
            int firstToken = part % _tokenParts * half;
            MultiplyPanel(product, part / _tokenParts * _kernels.PanelWidth, firstToken, Math.Min(half, _tokens - firstToken), worker);
        }
        else
        {
            int rows = RowsOfPiece(product.Matrix);
            MultiplyRows(product, part * rows, Math.Min(rows, product.Matrix.Rows - (part * rows)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer buffer in _scratch)
        {
            buffer.Dispose();
        }
    }

    private int Pieces(WeightMatrix matrix)
    {
        int rows = UsesPanels(_tokens) ? _kernels.PanelWidth : RowsOfPiece(matrix);
        return (matrix.Rows + rows - 1) / rows;
    }

    private static int RowsOfPiece(WeightMatrix matrix)
        => Math.Max(4, (int)(PieceBytes * (long)matrix.Rows / Math.Max(1, matrix.ByteLength)) / 4 * 4);

    private void MultiplyRows(in MatrixProduct product, int firstRow, int rows)
    {
        int padded = MatrixKernels.Padded(product.Matrix.Columns);
        for (int t = 0; t < _tokens; t++)
        {
            float* y = (float*)product.Y + ((nint)t * product.YStride);
            product.Matrix.Multiply(_kernels, firstRow, rows, (float*)product.Arranged + ((nint)t * padded), y);
            AddBias(product, firstRow, rows, y);
        }
    }

    private void MultiplyPanel(in MatrixProduct product, int firstRow, int firstToken, int tokens, int worker)
    {
        int width = _kernels.PanelWidth;
        int height = Math.Min(width, product.Matrix.Rows - firstRow);
        float* rows = _scratch[worker].Pointer;
        float* panel = rows + (MatrixKernels.Depth * width);
        float* tile = panel + (MatrixKernels.Depth * width);
        nint* positions = stackalloc nint[height];
        for (int r = 0; r < height; r++)
        {
            positions[r] = product.Matrix.Start(firstRow + r);
        }

        float* x = (float*)product.X + ((nint)firstToken * product.XStride);
        float* y = (float*)product.Y + ((nint)firstToken * product.YStride) + firstRow;
        for (int column = 0; column < product.Matrix.Columns; column += MatrixKernels.Depth)
        {
            int depth = Math.Min(MatrixKernels.Depth, product.Matrix.Columns - column);
            for (int r = 0; r < height; r++)
            {
                product.Matrix.Expand(_kernels, firstRow + r, column, depth, ref positions[r], rows + (r * MatrixKernels.Depth));
            }

            _kernels.Transpose(rows, MatrixKernels.Depth, height, depth, panel);
            if (height == width)
            {
                _kernels.MultiplyPanel(x + column, product.XStride, tokens, panel, depth, y, product.YStride, column > 0);
            }
            else
            {
                MultiplyNarrow(product, x + column, tokens, panel, depth, y, height, tile, column > 0);
            }
        }

        for (int t = 0; t < tokens; t++)
        {
            AddBias(product, firstRow, height, y + ((nint)t * product.YStride) - firstRow);
        }
    }

    // The last panel of a matrix may have fewer rows than it has room for.
    private void MultiplyNarrow(in MatrixProduct product, float* x, int tokens, float* panel, int depth, float* y, int height, float* tile, bool accumulate)
    {
        int width = _kernels.PanelWidth;
        for (int t = 0; t < tokens; t += TokenTile)
        {
            int count = Math.Min(TokenTile, tokens - t);
            _kernels.MultiplyPanel(x + ((nint)t * product.XStride), product.XStride, count, panel, depth, tile, width, accumulate: false);
            for (int i = 0; i < count; i++)
            {
                float* target = y + ((nint)(t + i) * product.YStride);
                for (int r = 0; r < height; r++)
                {
                    target[r] = tile[(i * width) + r] + (accumulate ? target[r] : 0);
                }
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
