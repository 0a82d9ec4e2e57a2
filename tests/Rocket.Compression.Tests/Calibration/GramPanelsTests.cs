using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Calibration;

/// <summary>Half of a Gram matrix, panel by panel, gives the whole.</summary>
public sealed class GramPanelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(191)]
    [InlineData(192)]
    [InlineData(193)]
    [InlineData(500)]
    public void Windows_add_up_to_the_Gram_matrix_whatever_its_width(int width)
    {
        using DisposeScope scope = NewDisposeScope();
        var slot = new InputSlot(InputKind.Attention);
        using Tensor first = rand(40, width);
        using Tensor second = rand(24, width);
        using var moments = new BlockMoments();
        foreach (Tensor window in new[] { first, second })
        {
            using var own = new WindowMoments();
            own.ObserveInput(slot, window);
            moments.Add(own);
        }

        Tensor x = cat([first, second]).to_type(ScalarType.Float64);
        Tensor expected = x.t().mm(x);
        Tensor found = moments.Gram(slot)!;
        Assert.Equal(64, moments.Tokens(slot));
        Assert.True((found - expected).abs().max().Value<double>() < 1e-4);
        Assert.Equal(0, (found - found.t()).abs().max().Value<double>());

        // What is read while windows are still to come is whole too.
        using var third = new WindowMoments();
        third.ObserveInput(slot, second);
        moments.Add(third);
        Tensor more = moments.Gram(slot)!;
        Assert.Equal(0, (more - more.t()).abs().max().Value<double>());
    }
}
