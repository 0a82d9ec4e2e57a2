using CsCheck;
using Rocket.Inference.Kernels;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Tests.Kernels;

/// <summary>A random matrix in every storage, and an input; all in memory that ends at a guard page.</summary>
internal sealed unsafe class KernelProblem : IDisposable
{
    private static readonly int[] GroupSizes = [8, 16, 24, 32, 64, 96, 128];

    private readonly GuardedMemory _dense;
    private readonly GuardedMemory _mask;
    private readonly GuardedMemory _values;
    private readonly GuardedMemory _starts;
    private readonly PackedProblem _all;
    private readonly PackedProblem _marked;

    public KernelProblem(Shape shape)
    {
        Rows = shape.Rows;
        Columns = shape.Columns;
        var random = new Random(shape.Seed);
        float[] weights = [.. Enumerable.Range(0, Rows * Columns).Select(_ => Round(random.NextSingle() - 0.5f, shape.Type))];
        _dense = new GuardedMemory(Bytes(weights, shape.Type));
        Dense = new DenseRows(_dense.Start, shape.Type, Columns);

        // Some rows are empty whatever the density.
        float[] kept = [.. weights.Select((weight, i) => i / Columns % 5 == 3 || random.NextDouble() >= shape.Density ? 0 : weight)];
        LinearFactors factors = LinearFactors.Pack(kept, [], Columns, Rows, Columns, shape.Type);
        int[] starts = new int[Rows + 1];
        for (int row = 0; row < Rows; row++)
        {
            starts[row + 1] = starts[row] + kept.Skip(row * Columns).Take(Columns).Count(weight => weight != 0);
        }

        _mask = new GuardedMemory(factors.Mask.Span);
        _values = new GuardedMemory(factors.Values.Span);
        _starts = GuardedMemory.Of<int>(starts);
        Sparse = new SparseRows(_mask.Start, _values.Start, _starts.Start, starts[^1], shape.Type, Columns);
        _all = new PackedProblem(shape, random, hasMask: false);
        _marked = new PackedProblem(shape, random, hasMask: true);
        Input = [.. Enumerable.Range(0, Columns).Select(_ => random.NextSingle() - 0.5f)];
        Magnitude = Input.Sum(MathF.Abs) / 2;
    }

    public static Gen<Shape> Shapes { get; } = Gen.Select(
        Gen.Int[1, 23], Gen.Int[1, 330], Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Double[0, 1]),
        Gen.Int[0, 2].Select(i => i == 0 ? TensorType.F32 : i == 1 ? TensorType.F16 : TensorType.BF16),
        Gen.Select(Gen.Int[2, 8], Gen.Int[0, GroupSizes.Length - 1], (bits, group) => new Quantization(bits, GroupSizes[group])), Gen.Int,
        (rows, columns, density, type, quantization, seed) => new Shape(rows, columns, density, type, quantization, seed));

    public static Gen<Storage> Storages { get; } = Gen.Enum<Storage>();

    public int Rows { get; }

    public int Columns { get; }

    public DenseRows Dense { get; }

    public SparseRows Sparse { get; }

    public float[] Input { get; }

    /// <summary>A bound of the absolute value of a row's sum: what errors are relative to.</summary>
    public float Magnitude { get; }

    public static float Round(float value, TensorType type) => type switch
    {
        TensorType.F32 => value,
        TensorType.F16 => (float)(Half)value,
        _ => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000),
    };

    /// <summary>The products of rows <paramref name="first"/>.. with the input, through kernels.</summary>
    public float[] Multiply(MatrixKernels kernels, Storage storage, int first, int rows)
    {
        float[] y = new float[Rows];
        using GuardedMemory input = GuardedMemory.Of<float>(Arranged(kernels, storage));
        using GuardedMemory result = GuardedMemory.Of<float>(y);
        float* x = (float*)input.Start;
        float* target = (float*)result.Start;
        switch (storage)
        {
            case Storage.Dense:
                kernels.Multiply(Dense, first, rows, x, target);
                break;
            case Storage.Sparse:
                kernels.Multiply(Sparse, first, rows, x, target);
                break;
            default:
                kernels.Multiply(Packed(storage), first, rows, x, target);
                break;
        }

        return new ReadOnlySpan<float>((float*)result.Start, Rows).ToArray();
    }

    /// <summary>The same by expanding every row and multiplying a tile of tokens, of which the input is the last.</summary>
    public float[] MultiplyTile(MatrixKernels kernels, Storage storage, int tokens)
    {
        int padded = MatrixKernels.Padded(Columns);
        float[] inputs = new float[tokens * padded];
        using GuardedMemory rows = GuardedMemory.Of<float>(new float[Rows * padded]);
        using GuardedMemory result = GuardedMemory.Of<float>(new float[tokens * Rows]);
        for (int row = 0; row < Rows; row++)
        {
            float* target = (float*)rows.Start + (row * padded);
            switch (storage)
            {
                case Storage.Dense:
                    kernels.Expand(Dense, row, target);
                    break;
                case Storage.Sparse:
                    kernels.Expand(Sparse, row, target);
                    break;
                default:
                    kernels.Expand(Packed(storage), row, target);
                    break;
            }
        }

        Arranged(kernels, storage).CopyTo(inputs, (tokens - 1) * padded);

        using GuardedMemory input = GuardedMemory.Of<float>(inputs);
        kernels.MultiplyTile((float*)input.Start, padded, tokens, (float*)rows.Start, padded, Rows, padded, (float*)result.Start, Rows);
        return new ReadOnlySpan<float>((float*)result.Start + ((tokens - 1) * Rows), Rows).ToArray();
    }

    public void Dispose()
    {
        _dense.Dispose();
        _mask.Dispose();
        _values.Dispose();
        _starts.Dispose();
        _all.Dispose();
        _marked.Dispose();
    }

    public static byte[] Bytes(float[] values, TensorType type)
    {
        using var bytes = new MemoryStream();
        foreach (float value in values)
        {
            bytes.Write(type switch
            {
                TensorType.F32 => BitConverter.GetBytes(value),
                TensorType.F16 => BitConverter.GetBytes((Half)value),
                _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
            });
        }

        return bytes.ToArray();
    }

    // The input as products of a storage take it.
    private float[] Arranged(MatrixKernels kernels, Storage storage)
    {
        using GuardedMemory input = GuardedMemory.Of<float>(Input);
        using GuardedMemory arranged = GuardedMemory.Of<float>(new float[MatrixKernels.Padded(Columns)]);
        ColumnOrder order = storage is Storage.Dense or Storage.Sparse ? kernels.OrderOf(Dense.Type) : ColumnOrder.AsStored;
        kernels.Arrange((float*)input.Start, Columns, order, (float*)arranged.Start);
        return new ReadOnlySpan<float>((float*)arranged.Start, MatrixKernels.Padded(Columns)).ToArray();
    }

    private PackedRows Packed(Storage storage) => storage == Storage.Packed ? _all.Rows : _marked.Rows;

    /// <summary>How a matrix lies in memory.</summary>
    internal enum Storage
    {
        Dense,
        Sparse,
        Packed,
        PackedSparse,
    }

    /// <summary>What a problem is made from.</summary>
    internal sealed record Shape(int Rows, int Columns, double Density, TensorType Type, Quantization Quantization, int Seed);
}
