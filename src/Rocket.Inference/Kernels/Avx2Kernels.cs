using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>AVX2 and FMA: stored values are moved to their columns by byte shuffles from a table.</summary>
internal sealed unsafe class Avx2Kernels : VectorKernels
{
    /// <summary>Whether this processor has what the class needs.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count;

    /// <inheritdoc/>
    public override string Name => "AVX2";

    /// <inheritdoc/>
    public override void Multiply(in SparseRows matrix, int firstRow, int rows, float* x, float* y)
    {
        if (matrix.Type == TensorType.F32)
        {
            base.Multiply(matrix, firstRow, rows, x, y);
            return;
        }

        byte* scratch = stackalloc byte[Vector128<byte>.Count];
        byte* table = ExpansionTable.Pointer;
        byte* end = matrix.End;
        int stride = matrix.Stride;
        bool isHalf = matrix.Type == TensorType.F16;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            byte* mask = matrix.MaskOf(row);
            byte* values = matrix.ValuesOf(row);
            Vector256<float> sum = default;
            for (int i = 0; i < stride; i++)
            {
                Vector128<byte> packed = Vector128.Load(ExpansionTable.Readable(values, end, scratch));
                Vector128<ushort> spread = Ssse3.Shuffle(packed, Vector128.Load(table + (mask[i] * 16))).AsUInt16();
                Vector256<uint> wide = Avx2.ConvertToVector256Int32(spread).AsUInt32();
                Vector256<float> weights = isHalf ? FromHalf(wide) : (wide << 16).AsSingle();
                sum = Fma.MultiplyAdd(weights, Vector256.Load(x + (8 * i)), sum);
                values += 2 * BitOperations.PopCount(mask[i]);
            }

            y[row] = Vector256.Sum(sum);
        }
    }

    private static Vector256<float> FromHalf(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<uint> finite = (magnitude.AsSingle() * Vector256.Create(HalfBits.Rebias)).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(HalfBits.FirstSpecial));
        Vector256<uint> value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(HalfBits.Exponent), finite);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
