using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Scoring;

namespace Rocket.Compression.Tests.Execution;

/// <summary>The number of threads changes no bit.</summary>
public sealed class GoldenThreadTests
{
    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Moments_and_hidden_states_have_the_same_bits_on_any_number_of_threads(string name)
    {
        using var model = new GoldenModel(name);
        (byte[] moments, byte[] hidden) = Calibrate(model, 1);
        foreach (int threads in new[] { 2, 3 })
        {
            (byte[] otherMoments, byte[] otherHidden) = Calibrate(model, threads);
            Assert.True(moments.AsSpan().SequenceEqual(otherMoments), $"{name}: moments differ on {threads} threads.");
            Assert.True(hidden.AsSpan().SequenceEqual(otherHidden), $"{name}: hidden states differ on {threads} threads.");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scores_have_the_same_bits_on_any_number_of_threads(string name)
    {
        using var model = new GoldenModel(name);

        // More sequences than threads, of different lengths, down to one token.
        int[][] sequences = [.. model.Sequences.SelectMany(sequence => new[] { sequence, sequence[..^3], sequence[3..], sequence[..1] })];
        TokenScore[][] expected = Score(model, sequences, 1);
        Assert.Equal(sequences.Select(sequence => sequence.Length - 1), expected.Select(scores => scores.Length));
        foreach (int threads in new[] { 2, 3 })
        {
            TokenScore[][] found = Score(model, sequences, threads);
            Assert.True(expected.Zip(found).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), $"{name}: scores differ on {threads} threads.");
        }
    }

    [Fact]
    public void No_sequences_have_no_scores()
    {
        using var model = new GoldenModel(GoldenModel.Names()[0]);
        Assert.Empty(Score(model, [], 2));
    }

    private static TokenScore[][] Score(GoldenModel model, int[][] sequences, int threads)
    {
        using TorchScorer scorer = model.OpenScorer(threads);
        return [.. scorer.Score(sequences, cancellationToken: TestContext.Current.CancellationToken)];
    }

    // Moments of every block and the last block's output, as bytes.
    private static (byte[] Moments, byte[] Hidden) Calibrate(GoldenModel model, int threads)
    {
        using HiddenStates states = model.Embed();
        using var saved = new MemoryStream();
        byte[] hidden = [];
        foreach (BlockSpec block in model.Spec.Blocks)
        {
            using var output = new MemoryStream();
            using BlockMoments moments = BlockCalibrator.Run(
                block, new WeightLoader(model.Checkpoint), states, output, new ParallelUnits(threads), null, TestContext.Current.CancellationToken);
            moments.Save(saved);
            GoldenModel.Fill(states, output);
            hidden = output.ToArray();
        }

        return (saved.ToArray(), hidden);
    }
}
