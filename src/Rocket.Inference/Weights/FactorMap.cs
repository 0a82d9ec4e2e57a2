using Rocket.Inference.Memory;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>The factors of a weight as they lie in the memory map; sizes and mask were checked.</summary>
/// <param name="Info">Form and sizes.</param>
/// <param name="Dictionary">D <c>[k, d_in]</c>; null in the sparse form.</param>
/// <param name="Mask">Address of the mask.</param>
/// <param name="Values">Address of the stored elements.</param>
/// <param name="Starts">Number of stored elements before each row, and in all; pinned.</param>
internal sealed record FactorMap(FactoredLinear Info, DenseMatrix? Dictionary, nint Mask, nint Values, int[] Starts)
{
    /// <summary>Some rows of the weight as a linear of their own; those of one weight share its dictionary.</summary>
    public LinearWeights Rows(int first, int count, NativeBuffer? bias)
    {
        nint mask = Mask + ((nint)first * FactoredLinear.MaskStride(Info.K));
        nint values = Values + ((nint)Starts[first] * Info.Type.ByteSize());
        return new LinearWeights(Dictionary, new SparseMatrix(mask, values, StartsOf(first, count), Info.Type, Info.K), bias);
    }

    private int[] StartsOf(int first, int count)
    {
        if (count == Info.DOut)
        {
            return Starts;
        }

        int[] starts = GC.AllocateUninitializedArray<int>(count + 1, pinned: true);
        for (int row = 0; row <= count; row++)
        {
            starts[row] = Starts[first + row] - Starts[first];
        }

        return starts;
    }
}
