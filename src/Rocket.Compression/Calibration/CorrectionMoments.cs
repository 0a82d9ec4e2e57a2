using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>
/// Second moments of the distinct inputs of one block in two models at once: X those of the dense model, X' those that the
/// compressed blocks before it give. In double, for inputs that every token reaches.
/// </summary>
public sealed class CorrectionMoments() : MomentSums("correction.")
{
    private const string GramName = "gram.";
    private const string CrossName = "cross.";

    /// <summary>X'^T X' and X^T X', float64 <c>[d_in, d_in]</c>, with the tokens that they sum over; null where the input was not seen.</summary>
    public (Tensor Gram, Tensor Cross, long Tokens)? Of(InputSlot slot)
        => Find(GramName + slot) is { } gram && Find(CrossName + slot) is { } cross ? (gram.Sum, cross.Sum, gram.Tokens) : null;

    /// <summary>Adds what one window gave, float32 <c>[d_in, d_in]</c>. The order of the calls decides the bits of the sums.</summary>
    internal void Add(InputSlot slot, Tensor gram, Tensor cross, long tokens)
    {
        Add(GramName + slot, gram, tokens);
        Add(CrossName + slot, cross, tokens);
    }
}
