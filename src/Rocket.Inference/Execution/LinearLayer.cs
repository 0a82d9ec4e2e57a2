using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>Applies linears that share an input: all dictionaries, each once, and matrices without one at once, then what stands behind the dictionaries.</summary>
internal sealed unsafe class LinearLayer(MatrixKernels kernels, WorkerPool pool) : IDisposable
{
    private static readonly int Orders = Enum.GetValues<ColumnOrder>().Length;

    private readonly MatrixProducts _products = new(kernels, pool);
    private readonly InputArrangement _arrangement = new(kernels, pool);
    private readonly List<(LinearWeights Weights, nint Y, int YStride)> _linears = [];
    private readonly List<NativeBuffer?> _projected = [];
    private readonly List<NativeBuffer?> _arranged = [];
    private readonly (nint X, int Stride)?[] _inputs = new (nint, int)?[Orders];
    private float* _x;
    private int _xStride;
    private int _tokens;

    /// <summary>Begins with an input <c>[tokens, d_in]</c>.</summary>
    public void Begin(float* x, int xStride, int tokens)
    {
        _x = x;
        _xStride = xStride;
        _tokens = tokens;
        _linears.Clear();
    }

    /// <summary>Adds a linear and the place of its output <c>[tokens, d_out]</c>.</summary>
    public void Add(LinearWeights weights, float* y, int yStride) => _linears.Add((weights, (nint)y, yStride));

    /// <summary>Computes the outputs.</summary>
    public void Run()
    {
        RunFirst();
        RunBehindDictionaries();
    }

    /// <summary>One linear.</summary>
    public void Run(float* x, int xStride, int tokens, LinearWeights weights, float* y, int yStride)
    {
        Begin(x, xStride, tokens);
        Add(weights, y, yStride);
        Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _products.Dispose();
        _projected.ForEach(buffer => buffer?.Dispose());
        _arranged.ForEach(buffer => buffer?.Dispose());
    }

    private void RunFirst()
    {
        _products.Begin(_tokens);
        Array.Clear(_inputs);
        for (int i = 0; i < _linears.Count; i++)
        {
            (LinearWeights weights, nint y, int yStride) = _linears[i];
            WeightMatrix matrix = FirstOf(weights);
            if (Projection(i) < i)
            {
                continue;
            }

            // Matrices of one order share what was arranged for the first.
            ColumnOrder order = matrix.Order(kernels);
            (nint x, int xStride) = _inputs[(int)order] ??= Arrange(_x, _xStride, matrix.Columns, order, (int)order);

            _products.Add(weights.Dictionary is null
                ? new MatrixProduct(matrix, x, xStride, y, yStride, weights.Bias)
                : new MatrixProduct(matrix, x, xStride, (nint)Buffer(_projected, i, (long)_tokens * matrix.Rows), matrix.Rows, null));
        }

        _products.Run();
    }

    private void RunBehindDictionaries()
    {
        _products.Begin(_tokens);
        int count = 0;
        for (int i = 0; i < _linears.Count; i++)
        {
            (LinearWeights weights, nint y, int yStride) = _linears[i];
            if (weights.Dictionary is { } dictionary)
            {
                (nint z, int zStride) = Arrange(_projected[Projection(i)]!.Pointer, dictionary.Rows, dictionary.Rows, weights.Matrix.Order(kernels), Orders + count++);
                _products.Add(new MatrixProduct(weights.Matrix, z, zStride, y, yStride, weights.Bias));
            }
        }

        if (count > 0)
        {
            _products.Run();
        }
    }

    // The linear whose projection is that of this one as well: parts of a fused weight have one dictionary.
    private int Projection(int linear)
    {
        int first = linear;
        while (_linears[linear].Weights.Dictionary is { } dictionary && first > 0 && ReferenceEquals(_linears[first - 1].Weights.Dictionary, dictionary))
        {
            first--;
        }

        return first;
    }

    private static WeightMatrix FirstOf(LinearWeights weights) => weights.Dictionary ?? weights.Matrix;

    // Inputs that are in order and end at a block of columns are read where they lie.
    private (nint X, int Stride) Arrange(float* x, int xStride, int columns, ColumnOrder order, int buffer)
    {
        int padded = MatrixKernels.Padded(columns);
        if (padded == columns && order == ColumnOrder.AsStored)
        {
            return ((nint)x, xStride);
        }

        float* target = Buffer(_arranged, buffer, (long)_tokens * padded);
        _arrangement.Run(x, xStride, columns, order, target, _tokens);
        return ((nint)target, padded);
    }

    private static float* Buffer(List<NativeBuffer?> buffers, int index, long length)
    {
        while (buffers.Count <= index)
        {
            buffers.Add(null);
        }

        NativeBuffer? buffer = buffers[index];
        float* pointer = NativeBuffer.Ensure(ref buffer, length);
        buffers[index] = buffer;
        return pointer;
    }
}
