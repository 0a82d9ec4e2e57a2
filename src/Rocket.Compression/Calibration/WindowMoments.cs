using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Gram matrices of one window's inputs, in float32: exact enough for a window, and summed over windows in double.</summary>
public sealed class WindowMoments : IBlockObserver, IDisposable
{
    private readonly List<(InputSlot Slot, Tensor Gram, long Tokens)> _moments = [];

    /// <summary>The inputs in the order in which the block met them.</summary>
    public IReadOnlyList<(InputSlot Slot, Tensor Gram, long Tokens)> Moments => _moments;

    /// <inheritdoc/>
    public void ObserveInput(InputSlot slot, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using Tensor transposed = input.t();
        _moments.Add((slot, transposed.mm(input).DetachFromDisposeScope(), input.shape[0]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((InputSlot _, Tensor gram, long _) in _moments)
        {
            gram.Dispose();
        }

        _moments.Clear();
    }
}
