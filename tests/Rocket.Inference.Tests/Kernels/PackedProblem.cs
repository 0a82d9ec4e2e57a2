using Rocket.Inference.Kernels;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Tests.Kernels;

/// <summary>A random matrix of codes, whose first rows are left out.</summary>
internal sealed class PackedProblem : IDisposable
{
    private const int MostRowsBefore = 3;

    private readonly List<GuardedMemory> _memory = [];

    public PackedProblem(KernelProblem.Shape shape, Random random, bool hasMask)
    {
        int before = random.Next(MostRowsBefore);
        int rows = shape.Rows + before;
        LinearFactors factors = Pack(shape, rows, random, hasMask ? Mask(shape, rows, random) : []);
        int[] starts = new int[rows + 1];
        for (int row = 0; row < rows && hasMask; row++)
        {
            int stride = FactoredLinear.MaskStride(shape.Columns);
            starts[row + 1] = starts[row] + (int)LinearFactors.CountStored(factors.Mask.Span.Slice(row * stride, stride));
        }

        Rows = new PackedRows
        {
            Codes = Guard(factors.Values.Span),
            CodeBytes = factors.Values.Length,
            Scales = Guard(factors.Part(FactoredLinear.ScaleSuffix).Span),
            Zeros = Guard(factors.Part(FactoredLinear.ZeroSuffix).Span),
            ZeroBytes = factors.Part(FactoredLinear.ZeroSuffix).Length,
            Bits = shape.Quantization.Bits,
            GroupSize = shape.Quantization.GroupSize,
            Columns = shape.Columns,
            FirstRow = before,
            Mask = hasMask ? Guard(factors.Mask.Span) : 0,
            Starts = hasMask ? Guard<int>(starts) : 0,
        };
    }

    public PackedRows Rows { get; }

    public void Dispose() => _memory.ForEach(memory => memory.Dispose());

    // Values lie within the bounds that those of the other storages have.
    private static LinearFactors Pack(KernelProblem.Shape shape, int rows, Random random, byte[] mask)
    {
        var matrix = new QuantizedMatrix(rows, shape.Columns, shape.Quantization);
        random.NextBytes(matrix.Codes);
        foreach (ref byte code in matrix.Codes)
        {
            code &= (byte)shape.Quantization.LargestCode;
        }

        for (int group = 0; group < matrix.Scales.Length; group++)
        {
            matrix.Scales[group] = (Half)((random.NextSingle() - 0.5f) / (shape.Quantization.LargestCode + 1));
            matrix.Zeros[group] = (byte)random.Next(shape.Quantization.LargestCode + 1);
        }

        return LinearFactors.Pack(matrix, mask, null, TensorType.BF16);
    }

    // Some rows are empty whatever the density.
    private static byte[] Mask(KernelProblem.Shape shape, int rows, Random random)
    {
        int stride = FactoredLinear.MaskStride(shape.Columns);
        byte[] mask = new byte[rows * stride];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < shape.Columns && row % 5 != 3; i++)
            {
                mask[(row * stride) + (i >> 3)] |= (byte)(random.NextDouble() < shape.Density ? 1 << (i & 7) : 0);
            }
        }

        return mask;
    }

    private nint Guard<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        _memory.Add(GuardedMemory.Of(content));
        return _memory[^1].Start;
    }
}
