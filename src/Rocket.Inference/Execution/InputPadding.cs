using Rocket.Inference.Kernels;
using Rocket.Inference.Threading;

namespace Rocket.Inference.Execution;

/// <summary>Copies inputs into rows that end at a block of columns.</summary>
internal sealed unsafe class InputPadding(WorkerPool pool) : TokenWork
{
    private float* _x;
    private float* _target;
    private int _xStride;
    private int _columns;

    /// <summary>Copies inputs <c>[tokens, columns]</c> into rows of <see cref="MatrixKernels.Padded"/> floats.</summary>
    public void Run(float* x, int xStride, int columns, float* target, int tokens)
    {
        _x = x;
        _xStride = xStride;
        _columns = columns;
        _target = target;
        RunAll(pool, tokens);
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
    {
        int padded = MatrixKernels.Padded(_columns);
        var target = new Span<float>(_target + ((nint)token * padded), padded);
        new ReadOnlySpan<float>(_x + ((nint)token * _xStride), _columns).CopyTo(target);
        target[_columns..].Clear();
    }
}
