using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Tests.Execution;
using Rocket.Models.Architectures;

namespace Rocket.Compression.Tests.Calibration;

/// <summary>A block that runs with weights of its own, as compressed ones are.</summary>
public sealed class GoldenForwardTests
{
    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void With_the_dense_weights_it_gives_what_calibration_gives(string name)
    {
        using var golden = new GoldenModel(name);
        BlockSpec block = golden.Spec.Blocks[0];
        var loader = new WeightLoader(golden.Checkpoint);
        var units = new ParallelUnits(2);
        using HiddenStates input = golden.Embed();
        using var expected = new MemoryStream();
        BlockCalibrator.Run(block, loader, input, expected, units, null, TestContext.Current.CancellationToken).Dispose();
        using BlockWeights weights = BlockWeights.Load(block, loader);
        using var forward = new MemoryStream();
        BlockCalibrator.Forward(block, weights, input, forward, units, TestContext.Current.CancellationToken);
        Assert.Equal(expected.ToArray(), forward.ToArray());
    }
}
