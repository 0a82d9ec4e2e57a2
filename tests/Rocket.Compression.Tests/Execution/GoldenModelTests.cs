using System.Runtime.InteropServices;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Every model under <c>goldens/models</c>, through both forms of its config.json.</summary>
public sealed class GoldenModelTests
{
    private const double LogitsBound = 1e-4;
    private const double NllBound = 1e-5;
    private const double GramBound = 1e-5;

    public static TheoryData<string, string> Models()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in GoldenModel.Names())
        {
            data.Add(name, "config.json");
            if (GoldenModel.Has(name, "config.v5.json"))
            {
                data.Add(name, "config.v5.json");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_and_loss_equal_the_golden_ones(string model, string config)
    {
        using var golden = new GoldenModel(model, config);
        double sum = 0;
        int predicted = 0;
        for (int s = 0; s < golden.Sequences.Count; s++)
        {
            using DisposeScope scope = NewDisposeScope();
            using TorchScorer scorer = golden.OpenScorer();
            Tensor expected = golden.File.Get("logits").ToFloat32()[s];
            double difference = (scorer.Logits(golden.Sequences[s]) - expected).abs().max().Value<float>();
            Assert.True(difference <= LogitsBound, $"{model} ({config}): logits of sequence {s} differ by {difference:g3}.");

            var scores = scorer.Score([golden.Sequences[s]], cancellationToken: TestContext.Current.CancellationToken)[0];
            sum -= scores.Sum(score => score.LogProbability);
            predicted += scores.Length;
        }

        double nll = MemoryMarshal.Read<double>(golden.File.Get("nll").Bytes);
        Assert.Equal(nll, sum / predicted, NllBound);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Gram_matrices_equal_the_golden_ones(string model, string config)
    {
        using var golden = new GoldenModel(model, config);
        var decoder = new DecoderExecutor(golden.Spec, new WeightLoader(golden.Checkpoint));
        using HiddenStates input = golden.CreateStates();
        using var embedded = new MemoryStream();
        BlockCalibrator.Embed(decoder, golden.Sequences, embedded, TestContext.Current.CancellationToken);
        GoldenModel.Fill(input, embedded);
        foreach (BlockSpec block in golden.Spec.Blocks)
        {
            using var output = new MemoryStream();
            using BlockMoments moments = BlockCalibrator.Run(block, decoder.Weights, input, output, new ParallelUnits(2), null, TestContext.Current.CancellationToken);
            LinearSpec[] routers = block.FeedForward.Router is { } router ? [router.Linear] : [];
            foreach (LinearSpec linear in block.CompressibleLinears.Concat(routers))
            {
                AssertGram(golden, moments, linear, model);
            }

            GoldenModel.Fill(input, output);
        }
    }

    private static void AssertGram(GoldenModel golden, BlockMoments moments, LinearSpec linear, string model)
    {
        using DisposeScope scope = NewDisposeScope();
        string count = "count." + linear.Name[..linear.Name.LastIndexOf('.')];
        if (linear.Input.Expert >= 0 && golden.File.Contains(count))
        {
            Assert.Equal(MemoryMarshal.Read<long>(golden.File.Get(count).Bytes), moments.Tokens(linear.Input));
        }

        Tensor expected = golden.File.Get("gram." + linear.Name).ToTensor();
        Tensor? found = moments.Gram(linear.Input);
        if (found is null)
        {
            Assert.Equal(0, expected.abs().max().Value<double>());
            return;
        }

        double relative = (found - expected).abs().max().Value<double>() / expected.abs().max().Value<double>();
        Assert.True(relative <= GramBound, $"{model}: the Gram matrix of {linear.Name} differs by {relative:g3}.");
    }
}
