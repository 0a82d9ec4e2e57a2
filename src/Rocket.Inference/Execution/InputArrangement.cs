using Rocket.Inference.Kernels;
using Rocket.Inference.Threading;

namespace Rocket.Inference.Execution;

/// <summary>Arranges inputs as kernels read weights, token by token.</summary>
internal sealed unsafe class InputArrangement(MatrixKernels kernels, WorkerPool pool) : TokenWork
{
    private float* _x;
    private float* _target;
    private int _xStride;
    private int _columns;
    private bool _split;

    /// <summary>Arranges inputs <c>[tokens, columns]</c> into rows of <see cref="MatrixKernels.Padded"/> floats.</summary>
    public void Run(float* x, int xStride, int columns, bool split, float* target, int tokens)
    {
        _x = x;
        _xStride = xStride;
        _columns = columns;
        _split = split;
        _target = target;
        RunAll(pool, tokens);
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
        => kernels.Arrange(_x + ((nint)token * _xStride), _columns, _split, _target + ((nint)token * MatrixKernels.Padded(_columns)));
}
