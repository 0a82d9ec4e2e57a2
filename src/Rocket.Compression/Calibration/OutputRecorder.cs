using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Keeps the outputs <c>[tokens, d_out]</c> of a block's linears, so that gradients can be asked for them.</summary>
internal sealed class OutputRecorder : TensorRecorder<LinearSpec>, IBlockObserver
{
    /// <inheritdoc/>
    public void ObserveOutput(LinearSpec linear, Tensor output) => Keep(linear, output);
}
