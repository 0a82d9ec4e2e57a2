using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Inference.Kernels;
using Rocket.Inference.Tests.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Scoring;

namespace Rocket.Inference.Tests.Weights;

/// <summary>Factored linears in every family, with every kind of kernel, against libtorch, which multiplies factors out.</summary>
public sealed class GoldenArtifactTests
{
    private const double Bound = 1e-4;

    public static TheoryData<string, TensorType> Cases()
        => new(GoldenFolder.Names().SelectMany(name => new[] { TensorType.BF16, TensorType.F16, TensorType.F32 }.Select(type => (name, type))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factored_linears_score_as_libtorch_does(string name, TensorType type)
    {
        LibTorch.Load();
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, type);
        using TorchScorer torch = TorchScorer.Open(artifact.Path, threads: 1);
        IReadOnlyList<TokenScore[]> expected = torch.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
        foreach (MatrixKernels kernels in KernelSelection.Supported())
        {
            using RocketModel model = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 2 }, kernels);
            IReadOnlyList<TokenScore[]> found = model.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
            for (int s = 0; s < expected.Count; s++)
            {
                for (int t = 0; t < expected[s].Length; t++)
                {
                    double difference = Math.Abs(expected[s][t].LogProbability - found[s][t].LogProbability);
                    Assert.True(difference <= Bound, $"{name}, {type}, {kernels.Name}: token {t} of sequence {s} differs by {difference:g3}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factored_linears_give_the_same_bits_token_by_token_and_with_any_number_of_threads(string name, TensorType type)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, type);
        using RocketModel one = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1 });
        using RocketModel three = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 3 });
        int[] ids = golden.Sequences[0];
        float[] expected = LogitsOf.OnePass(one, ids)[^1];
        Assert.Equal(expected, LogitsOf.OnePass(three, ids)[^1]);
        Assert.Equal(expected, LogitsOf.Parts(three, ids, 1).Last().Logits);
        Assert.Equal(expected, LogitsOf.Parts(one, ids, 9, 4).Last().Logits);
    }
}
