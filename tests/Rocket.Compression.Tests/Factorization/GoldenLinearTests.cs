using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>Whitening and best rank-k errors of every case under <c>goldens/linear</c>, in double.</summary>
public sealed class GoldenLinearTests
{
    private const double Bound = 1e-9;

    public static TheoryData<string> Cases()
        => [.. Directory.GetFiles(Path.Combine(SharedData.Goldens, "linear"), "*.safetensors").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Whitening_and_rank_errors_equal_the_golden_ones(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(SharedData.Goldens, "linear", name));
        Tensor gram = file.Get("G").ToTensor();
        Tensor weight = file.Get("W").ToTensor();
        double lambda = MemoryMarshal.Read<double>(file.Get("lambda").Bytes);

        using Whitening whitening = Whitening.Compute(gram, tokens: 1, lambda);
        AssertClose(file.Get("L").ToTensor(), whitening.Factor.t(), $"{name}: L");

        Tensor live = weight * whitening.Live;
        AssertClose(file.Get("M").ToTensor(), whitening.Factor.mm(live.t()), $"{name}: M");

        WhitenedBasis basis = WhitenedBasis.Compute(live, whitening.Regularize(gram), whitening);
        double[] expected = MemoryMarshal.Cast<byte, double>(file.Get("err").Bytes).ToArray();
        double largest = expected[0] + MemoryMarshal.Cast<byte, double>(file.Get("sv").Bytes)[0];
        for (int k = 1; k <= expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k - 1] - basis.RankError(k)) <= Bound * largest, $"{name}: error of rank {k} is {basis.RankError(k):g17} instead of {expected[k - 1]:g17}.");
        }
    }

    private static void AssertClose(Tensor expected, Tensor found, string what)
    {
        double difference = (expected - found).abs().max().Value<double>() / expected.abs().max().Value<double>();
        Assert.True(difference <= Bound, $"{what} differs by {difference:g3} relative.");
    }
}
