using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Gated feed-forward networks and mixtures of them.</summary>
internal sealed unsafe class FeedForward(LinearLayer linears, WorkerPool pool) : IDisposable
{
    private readonly Gating _gating = new(pool);
    private readonly Routing _routing = new();
    private NativeBuffer? _gate;
    private NativeBuffer? _up;
    private NativeBuffer? _scores;
    private NativeBuffer? _gathered;
    private NativeBuffer? _expertOutput;

    /// <summary>The network's output <c>[tokens, hidden]</c> for its normed input.</summary>
    public void Run(BlockWeights block, float* x, float* output, int hidden, int tokens)
    {
        FeedForwardSpec spec = block.Spec.FeedForward;
        if (spec.Router is not { } router)
        {
            RunExpert(spec.Activation, block.Experts[0], x, output, hidden, tokens);
            return;
        }

        float* scores = NativeBuffer.Ensure(ref _scores, (long)tokens * router.Linear.DOut);
        linears.Run(x, hidden, tokens, block.Router!, scores, router.Linear.DOut);
        _routing.Choose(router, scores, tokens);
        new Span<float>(output, hidden * tokens).Clear();
        for (int e = 0; e < block.Experts.Length; e++)
        {
            ReadOnlySpan<int> reached = _routing.TokensOf(e);
            if (reached.Length > 0)
            {
                AddExpert(spec.Activation, block.Experts[e], e, reached, x, output, hidden);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer? buffer in new[] { _gate, _up, _scores, _gathered, _expertOutput })
        {
            buffer?.Dispose();
        }
    }

    private void AddExpert(Activation activation, ExpertWeights expert, int index, ReadOnlySpan<int> tokens, float* x, float* output, int hidden)
    {
        float* gathered = NativeBuffer.Ensure(ref _gathered, (long)tokens.Length * hidden);
        float* result = NativeBuffer.Ensure(ref _expertOutput, (long)tokens.Length * hidden);
        for (int i = 0; i < tokens.Length; i++)
        {
            new ReadOnlySpan<float>(x + ((nint)tokens[i] * hidden), hidden).CopyTo(new Span<float>(gathered + ((nint)i * hidden), hidden));
        }

        RunExpert(activation, expert, gathered, result, hidden, tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            VectorMath.AddScaled(output + ((nint)tokens[i] * hidden), result + ((nint)i * hidden), _routing.Share(tokens[i], index), hidden);
        }
    }

    private void RunExpert(Activation activation, ExpertWeights expert, float* x, float* output, int hidden, int tokens)
    {
        int width = expert.Gate.Matrix.Rows;
        float* gate = NativeBuffer.Ensure(ref _gate, (long)tokens * width);
        float* up = NativeBuffer.Ensure(ref _up, (long)tokens * width);
        linears.Begin(x, hidden, tokens);
        linears.Add(expert.Gate, gate, width);
        linears.Add(expert.Up, up, width);
        linears.Run();
        _gating.Run(activation, gate, up, width, tokens);
        linears.Run(gate, width, tokens, expert.Down, output, hidden);
    }
}
