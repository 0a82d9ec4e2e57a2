using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>Applies linears that share an input: all dictionaries and matrices without one at once, then what stands behind the dictionaries.</summary>
internal sealed unsafe class LinearLayer(MatrixKernels kernels, WorkerPool pool) : IDisposable
{
    private readonly MatrixProducts _products = new(kernels, pool);
    private readonly List<(LinearWeights Weights, nint Y, int YStride)> _linears = [];
    private readonly List<NativeBuffer?> _projected = [];
    private readonly List<NativeBuffer?> _arranged = [];
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
        nint arranged = 0;
        WeightMatrix? arrangedFor = null;
        int buffers = 0;
        for (int i = 0; i < _linears.Count; i++)
        {
            (LinearWeights weights, nint y, int yStride) = _linears[i];
            WeightMatrix matrix = weights.Dictionary ?? weights.Matrix;
            if (arrangedFor is null || !kernels.AreArrangedAlike(arrangedFor.Type, matrix.Type))
            {
                arranged = Arrange(_x, _xStride, matrix, buffers++);
                arrangedFor = matrix;
            }

            _products.Add(weights.Dictionary is null
                ? new MatrixProduct(matrix, (nint)_x, _xStride, arranged, y, yStride, weights.Bias)
                : new MatrixProduct(matrix, (nint)_x, _xStride, arranged, (nint)Buffer(_projected, i, (long)_tokens * matrix.Rows), matrix.Rows, null));
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
                float* z = _projected[i]!.Pointer;
                _products.Add(new MatrixProduct(weights.Matrix, (nint)z, dictionary.Rows, Arrange(z, dictionary.Rows, weights.Matrix, count++), y, yStride, weights.Bias));
            }
        }

        if (count > 0)
        {
            _products.Run();
        }
    }

    private nint Arrange(float* x, int xStride, WeightMatrix matrix, int buffer)
    {
        if (MatrixProducts.UsesPanels(_tokens))
        {
            return 0;
        }

        int padded = MatrixKernels.Padded(matrix.Columns);
        float* arranged = Buffer(_arranged, buffer, (long)_tokens * padded);
        for (int t = 0; t < _tokens; t++)
        {
            kernels.Arrange(x + ((nint)t * xStride), matrix.Columns, matrix.Type, arranged + ((nint)t * padded));
        }

        return (nint)arranged;
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
