using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Gram matrices of one window's inputs, in float32: exact enough for a window, and summed over windows in double.</summary>
public sealed class WindowMoments : IBlockObserver, IDisposable
{
    private readonly List<(InputSlot Slot, Tensor[] Panels, long Tokens)> _moments = [];

    /// <summary>The inputs in the order in which the block met them, each with the panels of its Gram matrix.</summary>
    internal IReadOnlyList<(InputSlot Slot, Tensor[] Panels, long Tokens)> Moments => _moments;

    /// <inheritdoc/>
    public void ObserveInput(InputSlot slot, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _moments.Add((slot, GramPanels.Of(input), input.shape[0]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor panel in _moments.SelectMany(moment => moment.Panels))
        {
            panel.Dispose();
        }

        _moments.Clear();
    }
}
