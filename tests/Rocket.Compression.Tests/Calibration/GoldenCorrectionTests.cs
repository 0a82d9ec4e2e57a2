using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Tests.Execution;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Calibration;

/// <summary>Moments of a block in two models at once.</summary>
public sealed class GoldenCorrectionTests
{
    private const double Bound = 1e-5;

    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Behind_blocks_that_change_nothing_both_moments_are_those_of_the_dense_model(string name)
    {
        using var golden = new GoldenModel(name);
        using DisposeScope scope = NewDisposeScope();
        var decoder = new DecoderExecutor(golden.Spec, new WeightLoader(golden.Checkpoint));
        BlockSpec block = golden.Spec.Blocks[0];
        var units = new ParallelUnits(2);
        using HiddenStates input = golden.Embed();
        using var dense = new MemoryStream();
        using BlockMoments expected = BlockCalibrator.Run(block, decoder.Weights, input, dense, units, null, TestContext.Current.CancellationToken);
        using CorrectionMoments moments = CorrectionCalibrator.Measure(block, decoder.Weights, input, input, units, TestContext.Current.CancellationToken);
        foreach (InputSlot slot in block.CompressibleLinears.Select(linear => linear.Input).Distinct())
        {
            if (slot.Expert >= 0)
            {
                Assert.Null(moments.Of(slot));
                continue;
            }

            (Tensor gram, Tensor cross, long tokens) = moments.Of(slot)!.Value;
            Tensor own = expected.Gram(slot)!;
            Assert.Equal(expected.Tokens(slot), tokens);
            Assert.True((gram - own).abs().max().Value<double>() <= Bound * own.abs().max().Value<double>(), slot.ToString());
            Assert.True((cross - own).abs().max().Value<double>() <= Bound * own.abs().max().Value<double>(), slot.ToString());
        }

        using BlockWeights weights = BlockWeights.Load(block, decoder.Weights);
        using var compressed = new MemoryStream();
        CorrectionCalibrator.Run(block, weights, input, compressed, units, TestContext.Current.CancellationToken);
        Assert.Equal(dense.ToArray(), compressed.ToArray());
    }
}
