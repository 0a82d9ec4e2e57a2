using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Inference.Kernels;
using Rocket.Inference.Tests.Execution;
using Rocket.Inference.Weights;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Models.Scoring;

namespace Rocket.Inference.Tests.Weights;

/// <summary>Factored linears in every family, with every kind of kernel, against libtorch, which multiplies factors out.</summary>
public sealed class GoldenArtifactTests
{
    private const double Bound = 1e-4;

    public static TheoryData<string, TensorType> Cases()
        => new(GoldenFolder.Names().SelectMany(name => new[] { TensorType.BF16, TensorType.F16, TensorType.F32 }.Select(type => (name, type))));

    /// <summary>Each family with one width of codes, each width with several families.</summary>
    public static TheoryData<string, int, int> QuantizedCases()
        => new(GoldenFolder.Names().Select((name, i) => (name, Quantization.KnownBits[i % Quantization.KnownBits.Length], Quantization.KnownGroupSizes[i % Quantization.KnownGroupSizes.Length])));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factored_linears_score_as_libtorch_does(string name, TensorType type)
    {
        LibTorch.Load();
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, type);
        AssertScores(golden, artifact.Path, artifact.Path);
    }

    [Theory]
    [MemberData(nameof(QuantizedCases))]
    public void Integer_codes_in_every_form_and_in_embedding_and_head_score_as_libtorch_does(string name, int bits, int groupSize)
    {
        LibTorch.Load();
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(bits, groupSize));
        using var expanded = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(bits, groupSize), expandTables: true);
        AssertScores(golden, expanded.Path, artifact.Path);
    }

    [Theory]
    [MemberData(nameof(QuantizedCases))]
    public void Integer_codes_give_the_same_bits_token_by_token_and_with_any_number_of_threads(string name, int bits, int groupSize)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(bits, groupSize));
        AssertSameBits(golden, artifact);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factored_linears_give_the_same_bits_token_by_token_and_with_any_number_of_threads(string name, TensorType type)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, type);
        AssertSameBits(golden, artifact);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_dense_copy_of_sparse_linears_changes_no_bit(string name, TensorType type)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, type);
        int[] ids = golden.Sequences[0];
        foreach (MatrixKernels kernels in KernelSelection.Supported())
        {
            using RocketModel stored = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1, DenseCopies = DenseCopies.Never }, kernels);
            using RocketModel copied = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1, DenseCopies = DenseCopies.Always }, kernels);
            Assert.Contains(stored.Weights.Blocks, block => block.Query.Matrix is SparseMatrix || block.Key.Matrix is SparseMatrix || block.Output.Matrix is SparseMatrix);
            Assert.DoesNotContain(copied.Weights.Blocks, block => block.Query.Matrix is SparseMatrix || block.Key.Matrix is SparseMatrix || block.Output.Matrix is SparseMatrix);
            Assert.Equal(LogitsOf.Parts(stored, ids, 5, 1, 1).Last().Logits, LogitsOf.Parts(copied, ids, 5, 1, 1).Last().Logits);
        }
    }

    [Fact]
    public void Kernels_that_cannot_spread_elements_in_registers_get_dense_copies_and_no_others()
    {
        using var golden = new GoldenFolder(GoldenFolder.Names()[0]);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16);
        foreach (MatrixKernels kernels in KernelSelection.Supported())
        {
            using RocketModel model = RocketModel.Load(artifact.Path, null, kernels);
            Assert.Equal(kernels.SpreadsInRegisters(TensorType.BF16), model.Weights.Blocks.Any(block => block.Query.Matrix is SparseMatrix || block.Key.Matrix is SparseMatrix));
        }
    }

    private static void AssertScores(GoldenFolder golden, string expectedOf, string artifact)
    {
        using TorchScorer torch = TorchScorer.Open(expectedOf, threads: 1);
        IReadOnlyList<TokenScore[]> expected = torch.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
        foreach (MatrixKernels kernels in KernelSelection.Supported())
        {
            using RocketModel model = RocketModel.Load(artifact, new RocketOptions { Threads = 2 }, kernels);
            IReadOnlyList<TokenScore[]> found = model.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
            for (int s = 0; s < expected.Count; s++)
            {
                for (int t = 0; t < expected[s].Length; t++)
                {
                    double difference = Math.Abs(expected[s][t].LogProbability - found[s][t].LogProbability);
                    Assert.True(difference <= Bound, $"{golden.Path}, {kernels.Name}: token {t} of sequence {s} differs by {difference:g3}.");
                }
            }
        }
    }

    private static void AssertSameBits(GoldenFolder golden, MixedArtifact artifact)
    {
        using RocketModel one = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1 });
        using RocketModel three = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 3 });
        int[] ids = golden.Sequences[0];
        float[] expected = LogitsOf.OnePass(one, ids)[^1];
        Assert.Equal(expected, LogitsOf.OnePass(three, ids)[^1]);
        Assert.Equal(expected, LogitsOf.Parts(three, ids, 1).Last().Logits);
        Assert.Equal(expected, LogitsOf.Parts(one, ids, 9, 4).Last().Logits);
    }
}
