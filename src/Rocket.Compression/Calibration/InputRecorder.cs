using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Keeps copies of the inputs <c>[tokens, d_in]</c> that every token reaches.</summary>
internal sealed class InputRecorder : TensorRecorder<InputSlot>, IBlockObserver
{
    /// <inheritdoc/>
    public void ObserveInput(InputSlot slot, Tensor input)
    {
        // Two models route their tokens to experts in their own ways: rows of one have no counterpart in the other.
        if (slot.Expert < 0)
        {
            Keep(slot, input.clone());
        }
    }
}
