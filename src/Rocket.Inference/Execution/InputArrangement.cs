using Rocket.Inference.Kernels;
using Rocket.Inference.Threading;

namespace Rocket.Inference.Execution;

/// <summary>Copies inputs into the order that products take, in rows that end at a block of columns.</summary>
internal sealed unsafe class InputArrangement(MatrixKernels kernels, WorkerPool pool) : TokenWork
{
    private float* _x;
    private float* _target;
    private int _xStride;
    private int _columns;
    private ColumnOrder _order;

    /// <summary>Copies inputs <c>[tokens, columns]</c> into rows of <see cref="MatrixKernels.Padded"/> floats.</summary>
    public void Run(float* x, int xStride, int columns, ColumnOrder order, float* target, int tokens)
    {
        _x = x;
        _xStride = xStride;
        _columns = columns;
        _order = order;
        _target = target;
        RunAll(pool, tokens);
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
        => kernels.Arrange(_x + ((nint)token * _xStride), _columns, _order, _target + ((nint)token * MatrixKernels.Padded(_columns)));
}
