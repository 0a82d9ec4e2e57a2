using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Is shown what the linears of a block read and write while the block runs; an observer takes what it wants to see.</summary>
public interface IBlockObserver
{
    /// <summary>Sees a distinct input <c>[tokens, d_in]</c> in float32; the tensor is the executor's and is not kept.</summary>
    void ObserveInput(InputSlot slot, Tensor input)
    {
    }

    /// <summary>Sees the output <c>[tokens, d_out]</c> of a compressible linear; the tensor is the executor's.</summary>
    void ObserveOutput(LinearSpec linear, Tensor output)
    {
    }
}
