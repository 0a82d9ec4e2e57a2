using Rocket.Compression.Execution;
using Rocket.Models.Tests.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Sequences longer than a chunk of queries, against plain loops in double.</summary>
public sealed class GoldenLongSequenceTests
{
    private const int Length = 700;

    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_equal_those_of_plain_loops_over_all_positions(string name)
    {
        using var model = new GoldenModel(name);
        var random = new Random(Length);
        int[] ids = [.. Enumerable.Range(0, Length).Select(_ => random.Next(model.Spec.VocabularySize))];
        double[][] expected = new ReferenceDecoder(model.Spec, model.Checkpoint).Logits(ids);

        using TorchScorer scorer = model.OpenScorer();
        using Tensor logits = scorer.Logits(ids);
        ReadOnlySpan<float> found = logits.Elements<float>();
        double largest = 0;
        for (int t = 0; t < Length; t++)
        {
            for (int v = 0; v < expected[t].Length; v++)
            {
                largest = Math.Max(largest, Math.Abs(expected[t][v] - found[(t * expected[t].Length) + v]));
            }
        }

        // Angles are float32: at position 700 they are good to 4e-5.
        Assert.True(largest <= 2e-3, $"{name}: logits differ by {largest:g3}.");
    }
}
