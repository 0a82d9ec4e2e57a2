using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Is shown every distinct input of a block's linears while the block runs.</summary>
public interface IInputObserver
{
    /// <summary>Sees an input <c>[tokens, d_in]</c> in float32; the tensor is the executor's and is not kept.</summary>
    void Observe(InputSlot slot, Tensor input);
}
