using Rocket.Inference.Threading;
using Rocket.Inference.Weights;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Norms of tokens, as transformers computes them in float32.</summary>
internal sealed unsafe class Normalization(WorkerPool pool) : TokenWork
{
    private NormWeights? _norm;
    private float* _x;
    private float* _y;
    private int _size;

    /// <summary>y = norm(x) for <c>[tokens, size]</c>; y may be x. Without a norm it is a copy.</summary>
    public void Run(NormWeights? norm, float* x, float* y, int size, int tokens)
    {
        _norm = norm;
        _x = x;
        _y = y;
        _size = size;
        RunAll(pool, tokens);
    }

    /// <summary>The norm of one vector; y may be x.</summary>
    public static void Apply(NormWeights norm, float* x, float* y)
    {
        int size = norm.Spec.Size;
        float mean = 0;
        if (norm.Spec.Kind == NormKind.Layer)
        {
            for (int i = 0; i < size; i++)
            {
                mean += x[i];
            }

            mean /= size;
        }

        float squares = mean == 0 ? VectorMath.Dot(x, x, size) : 0;
        for (int i = 0; mean != 0 && i < size; i++)
        {
            squares += (x[i] - mean) * (x[i] - mean);
        }

        float scale = 1 / MathF.Sqrt((squares / size) + norm.Spec.Epsilon);
        float* factor = norm.Factor.Pointer;
        for (int i = 0; i < size; i++)
        {
            y[i] = (x[i] - mean) * scale * factor[i];
        }

        if (norm.Bias is { } bias)
        {
            VectorMath.AddScaled(y, bias.Pointer, 1, size);
        }
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
    {
        float* x = _x + ((nint)token * _size);
        float* y = _y + ((nint)token * _size);
        if (_norm is { } norm)
        {
            Apply(norm, x, y);
        }
        else if (x != y)
        {
            Buffer.MemoryCopy(x, y, (long)_size * sizeof(float), (long)_size * sizeof(float));
        }
    }
}
