using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Runs one block over one sequence at a time.</summary>
/// <param name="block">The block.</param>
/// <param name="weights">Its weights; not owned.</param>
public sealed class BlockExecutor(BlockSpec block, BlockWeights weights) : IDisposable
{
    /// <summary>Queries whose scores are held at once. They see no keys but those up to the end of their block: short chunks leave out more of what the mask would.</summary>
    public const int QueryChunk = 128;

    private readonly Dictionary<long, RotaryEmbedding> _rotaries = [];

    /// <summary>The block.</summary>
    public BlockSpec Block { get; } = block;

    /// <summary>Where it runs: there its input must lie, and its output will.</summary>
    public ComputeDevice Device => weights.Device;

    /// <summary>The block's output <c>[tokens, hidden]</c> for its input <c>[tokens, hidden]</c>.</summary>
    /// <param name="hidden">Hidden states of one whole sequence, positions from 0.</param>
    /// <param name="observer">Shown the linears' inputs, or null.</param>
    public Tensor Run(Tensor hidden, IBlockObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using DisposeScope scope = NewDisposeScope();
        Tensor attention = AttentionExecutor.Run(
            Block.Attention, weights, RotaryFor(hidden.shape[0]), Normalization.Apply(Block.PreAttentionNorm, weights, hidden), observer);
        Tensor middle = Add(hidden, Normalization.Apply(Block.PostAttentionNorm, weights, attention));

        Tensor feedForward = FeedForwardExecutor.Run(
            Block.FeedForward, weights, Normalization.Apply(Block.PreFeedForwardNorm, weights, middle), observer);
        Tensor output = Add(middle, Normalization.Apply(Block.PostFeedForwardNorm, weights, feedForward));
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RotaryEmbedding rotary in _rotaries.Values)
        {
            rotary.Dispose();
        }

        _rotaries.Clear();
    }

    private Tensor Add(Tensor residual, Tensor branch)
        => Block.ResidualMultiplier == 1 ? residual.Plus(branch) : residual.Plus(branch.Times(Block.ResidualMultiplier));

    private RotaryEmbedding? RotaryFor(long length)
    {
        if (Block.Attention.Rope is not { } rope)
        {
            return null;
        }

        lock (_rotaries)
        {
            if (!_rotaries.TryGetValue(length, out RotaryEmbedding? rotary))
            {
                rotary = new RotaryEmbedding(rope, checked((int)length), Device);
                _rotaries.Add(length, rotary);
            }

            return rotary;
        }
    }
}
