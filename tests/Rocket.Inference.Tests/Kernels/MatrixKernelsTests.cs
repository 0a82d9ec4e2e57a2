using CsCheck;
using Rocket.Inference.Kernels;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Tests.Kernels;

/// <summary>Every kind of kernel that this processor runs, against one element at a time in double.</summary>
public sealed class MatrixKernelsTests
{
    private const int Iterations = 400;
    private const double Bound = 1e-5;

    private static readonly ScalarKernels Oracle = new();

    /// <summary>All kinds, or the one that <see cref="LesserProcessorTests"/> asks for.</summary>
    public static TheoryData<string> Kinds()
        => [.. KernelSelection.Supported().Select(kernels => kernels.Name).Where(name => (Environment.GetEnvironmentVariable(LesserProcessorTests.KindVariable) ?? name) == name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dense_rows_equal_the_scalar_ones_and_nothing_behind_them_is_read(string kind) => AssertEqualsOracle(Named(kind), KernelProblem.Storage.Dense);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sparse_rows_equal_the_scalar_ones_and_nothing_behind_them_is_read(string kind) => AssertEqualsOracle(Named(kind), KernelProblem.Storage.Sparse);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_of_codes_equal_the_scalar_ones_and_nothing_behind_them_is_read(string kind) => AssertEqualsOracle(Named(kind), KernelProblem.Storage.Packed);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sparse_rows_of_codes_equal_the_scalar_ones_and_nothing_behind_them_is_read(string kind) => AssertEqualsOracle(Named(kind), KernelProblem.Storage.PackedSparse);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tile_of_tokens_gives_the_bits_of_a_single_token(string kind)
    {
        MatrixKernels kernels = Named(kind);
        Gen.Select(KernelProblem.Shapes, Gen.Int[1, 15], KernelProblem.Storages).Sample(
            (shape, tokens, storage) =>
            {
                using var problem = new KernelProblem(shape);
                return problem.MultiplyTile(kernels, storage, tokens).AsSpan().SequenceEqual(problem.Multiply(kernels, storage, 0, shape.Rows));
            },
            iter: Iterations);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_gives_the_same_bits_alone_and_among_others(string kind)
    {
        MatrixKernels kernels = Named(kind);
        Gen.Select(KernelProblem.Shapes, KernelProblem.Storages).Sample(
            (shape, storage) =>
            {
                using var problem = new KernelProblem(shape);
                float[] all = problem.Multiply(kernels, storage, 0, shape.Rows);
                return Enumerable.Range(0, shape.Rows).All(row => problem.Multiply(kernels, storage, row, 1)[row] == all[row]);
            },
            iter: Iterations / 4);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public unsafe void Tiles_of_any_width_equal_the_scalar_ones(string kind)
    {
        // Attention multiplies unpadded heads where they lie.
        MatrixKernels kernels = Named(kind);
        Gen.Select(Gen.Int[1, 14], Gen.Int[1, 14], Gen.Int[1, 100], Gen.Int).Sample(
            (tokens, rows, columns, seed) =>
            {
                var random = new Random(seed);
                using GuardedMemory x = GuardedMemory.Of<float>([.. Enumerable.Range(0, tokens * columns).Select(_ => random.NextSingle() - 0.5f)]);
                using GuardedMemory w = GuardedMemory.Of<float>([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() - 0.5f)]);
                float[] found = new float[tokens * rows];
                float[] expected = new float[tokens * rows];
                fixed (float* y = found, z = expected)
                {
                    kernels.MultiplyTile((float*)x.Start, columns, tokens, (float*)w.Start, columns, rows, columns, y, rows);
                    Oracle.MultiplyTile((float*)x.Start, columns, tokens, (float*)w.Start, columns, rows, columns, z, rows);
                }

                return found.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= Bound * columns / 4);
            },
            iter: Iterations);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public unsafe void Every_half_is_read_as_it_is(string kind)
    {
        MatrixKernels kernels = Named(kind);
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        float[] found = new float[all.Length];
        float[] expected = new float[all.Length];
        fixed (ushort* weights = all)
        fixed (float* target = found, arranged = expected)
        fixed (float* values = all.Select(bits => (float)BitConverter.UInt16BitsToHalf(bits)).ToArray())
        {
            kernels.Arrange(values, all.Length, kernels.OrderOf(TensorType.F16), arranged);
            kernels.Expand(new DenseRows((nint)weights, TensorType.F16, all.Length), 0, target);
        }

        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_code_is_read_exactly(string kind)
    {
        MatrixKernels kernels = Named(kind);
        Gen.Select(KernelProblem.Shapes, Gen.Bool).Sample(
            (shape, hasMask) =>
            {
                using var problem = new PackedProblem(shape, new Random(shape.Seed), hasMask);
                return Enumerable.Range(0, shape.Rows).All(row => Expand(kernels, problem.Rows, row).AsSpan().SequenceEqual(Expand(Oracle, problem.Rows, row)));
            },
            iter: Iterations);
    }

    private static unsafe float[] Expand(MatrixKernels kernels, PackedRows matrix, int row)
    {
        using GuardedMemory target = GuardedMemory.Of<float>(new float[MatrixKernels.Padded(matrix.Columns)]);
        kernels.Expand(matrix, row, (float*)target.Start);
        return new ReadOnlySpan<float>((float*)target.Start, MatrixKernels.Padded(matrix.Columns)).ToArray();
    }

    private static void AssertEqualsOracle(MatrixKernels kernels, KernelProblem.Storage storage)
        => KernelProblem.Shapes.Sample(
            shape =>
            {
                using var problem = new KernelProblem(shape);
                float[] expected = problem.Multiply(Oracle, storage, 0, shape.Rows);
                float[] found = problem.Multiply(kernels, storage, 0, shape.Rows);
                return found.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= Bound * problem.Magnitude);
            },
            iter: Iterations);

    private static MatrixKernels Named(string kind) => KernelSelection.Supported().Single(kernels => kernels.Name == kind);
}
