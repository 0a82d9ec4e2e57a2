using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Keeps copies of the inputs <c>[tokens, d_in]</c> of a block's linears.</summary>
internal sealed class InputRecorder : TensorRecorder<InputSlot>, IBlockObserver
{
    public void ObserveInput(InputSlot slot, Tensor input) => Keep(slot, input.clone());
}
