using Rocket.Inference.Threading;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>gate = act(gate) * up, token by token.</summary>
internal sealed unsafe class Gating(WorkerPool pool) : TokenWork
{
    private Activation _activation;
    private float* _gate;
    private float* _up;
    private int _width;

    /// <summary>Gates <c>[tokens, width]</c> in place.</summary>
    public void Run(Activation activation, float* gate, float* up, int width, int tokens)
    {
        _activation = activation;
        _gate = gate;
        _up = up;
        _width = width;
        RunAll(pool, tokens);
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
        => VectorMath.Gate(_activation, _gate + ((nint)token * _width), _up + ((nint)token * _width), _width);
}
