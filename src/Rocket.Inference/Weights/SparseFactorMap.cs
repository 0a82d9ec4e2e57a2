using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>Coefficients in a floating-point type.</summary>
/// <param name="Mask">Which are stored.</param>
/// <param name="Values">Address of the stored ones.</param>
/// <param name="IsCopied">Whether they are copied with their zeros.</param>
internal sealed record SparseFactorMap(FactoredLinear Info, WeightMatrix? Dictionary, StoredElements Mask, nint Values, bool IsCopied) : FactorMap(Info, Dictionary)
{
    /// <inheritdoc/>
    protected override WeightMatrix Slice(int first, int count)
    {
        nint mask = Mask.Mask + ((nint)first * FactoredLinear.MaskStride(Info.K));
        nint values = Values + ((nint)Mask.Starts[first] * Info.Type.ByteSize());
        var sparse = new SparseMatrix(mask, values, StartsOf(first, count), Info.Type, Info.K);
        return IsCopied ? sparse.ToDense() : sparse;
    }

    private int[] StartsOf(int first, int count)
    {
        if (count == Info.DOut)
        {
            return Mask.Starts;
        }

        int[] starts = GC.AllocateUninitializedArray<int>(count + 1, pinned: true);
        for (int row = 0; row <= count; row++)
        {
            starts[row] = Mask.Starts[first + row] - Mask.Starts[first];
        }

        return starts;
    }
}
