using Rocket.Inference.Threading;

namespace Rocket.Inference.Execution;

/// <summary>Work done token by token; many tokens are shared among the threads.</summary>
internal abstract class TokenWork : ParallelWork
{
    private const int PieceTokens = 16;

    private int _tokens;

    /// <summary>Does the work for the tokens from 0 on.</summary>
    protected void RunAll(WorkerPool pool, int tokens)
    {
        _tokens = tokens;
        pool.Run(this, (tokens + PieceTokens - 1) / PieceTokens);
    }

    /// <summary>Does the work of one token.</summary>
    protected abstract void RunToken(int token);

    /// <inheritdoc/>
    public sealed override void Run(int piece, int worker)
    {
        int last = Math.Min((piece + 1) * PieceTokens, _tokens);
        for (int token = piece * PieceTokens; token < last; token++)
        {
            RunToken(token);
        }
    }
}
