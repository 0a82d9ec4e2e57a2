using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>Arm NEON: stored BF16 values are moved to their columns by table look-ups. Not run so far: no such processor was at hand.</summary>
internal sealed unsafe class AdvSimdKernels : VectorKernels
{
    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <inheritdoc/>
    public override string Name => "NEON";

    /// <inheritdoc/>
    public override bool SpreadsInRegisters(TensorType type) => type == TensorType.BF16;

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        if (matrix.Type != TensorType.BF16)
        {
            base.Multiply(matrix, firstRow, rows, x, y);
            return;
        }

        byte* scratch = stackalloc byte[Vector128<byte>.Count];
        byte* table = ExpansionTable.Pointer;
        byte* end = matrix.End;
        int stride = matrix.Stride;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            Vector128<float> even = default, odd = default;
            for (int i = 0; i < stride; i++)
            {
                Vector128<byte> packed = Vector128.Load(ExpansionTable.Readable(values, end, scratch));

                // An index past the 16 bytes gives zero.
                Vector128<ushort> spread = AdvSimd.Arm64.VectorTableLookup(packed, Vector128.Load(table + (mask[i] * ExpansionTable.Bytes))).AsUInt16();
                even = AdvSimd.FusedMultiplyAdd(even, (Vector128.WidenLower(spread) << 16).AsSingle(), Vector128.Load(x + (8 * i)));
                odd = AdvSimd.FusedMultiplyAdd(odd, (Vector128.WidenUpper(spread) << 16).AsSingle(), Vector128.Load(x + (8 * i) + 4));
                values += 2 * BitOperations.PopCount(mask[i]);
            }

            y[row] = Vector128.Sum(even + odd);
        }
    }
}
