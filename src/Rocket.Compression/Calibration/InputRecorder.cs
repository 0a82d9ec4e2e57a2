using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Keeps copies of the inputs that every token reaches, in the order in which the block met them; they live in the caller's dispose scope.</summary>
internal sealed class InputRecorder : IBlockObserver
{
    private readonly List<(InputSlot Slot, Tensor Input)> _inputs = [];

    /// <summary>The inputs <c>[tokens, d_in]</c>.</summary>
    public IReadOnlyList<(InputSlot Slot, Tensor Input)> Inputs => _inputs;

    /// <inheritdoc/>
    public void ObserveInput(InputSlot slot, Tensor input)
    {
        // Two models route their tokens to experts in their own ways: rows of one have no counterpart in the other.
        if (slot.Expert < 0)
        {
            _inputs.Add((slot, input.clone().MoveToOuterDisposeScope()));
        }
    }
}
