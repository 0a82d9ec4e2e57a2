using System.Runtime.InteropServices;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Calibration;

/// <summary>Inputs of two dimensions: eight tokens are enough.</summary>
public sealed class ExpertMomentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Moments_that_every_token_reached_are_as_stored()
        => AssertMoments(InputKind.FeedForward, -1, [10, 0, 0, 30], 10, ("feed_forward", [10, 0, 0, 30], 10));

    [Fact]
    public void Enough_tokens_stand_for_themselves()
        => AssertMoments(InputKind.FeedForward, 0, [8, 1, 1, 8], 8, ("feed_forward", [10, 0, 0, 30], 10), ("feed_forward.0", [8, 1, 1, 8], 8));

    // C = diag(1, 3): 2 / 8 (G + 6 C).
    [Fact]
    public void Few_tokens_of_gate_and_up_are_filled_up_with_the_mean_token_of_the_layer()
        => AssertMoments(InputKind.FeedForward, 0, [2.5, 0.5, 0.5, 5], 2, ("feed_forward", [10, 0, 0, 30], 10), ("feed_forward.0", [4, 2, 2, 2], 2));

    // Energy of a unit and token over both experts: (4 + 2 + 10 + 24) / (2 (2 + 8)) = 2.
    [Fact]
    public void Few_tokens_of_down_are_filled_up_with_the_mean_energy_of_a_unit()
        => AssertMoments(
            InputKind.FeedForwardDown, 0, [4, 0.5, 0.5, 3.5], 2, ("feed_forward_down.0", [4, 2, 2, 2], 2), ("feed_forward_down.1", [10, 9, 9, 24], 8));

    [Fact]
    public void An_expert_without_tokens_has_no_moments()
    {
        string path = Write(("feed_forward", [10, 0, 0, 30], 10));
        Assert.Null(ExpertMoments.Load(path, new InputSlot(InputKind.FeedForward, 3)));
        using var moments = new BlockMoments();
        Assert.Null(ExpertMoments.Of(moments, new InputSlot(InputKind.FeedForward, 3)));
        Assert.Equal(0, BlockMoments.LoadTokens(path, new InputSlot(InputKind.FeedForward, 3)));
        Assert.Equal(10, BlockMoments.LoadTokens(path, new InputSlot(InputKind.FeedForward)));
    }

    [Fact]
    public void A_singular_sample_becomes_positive_definite()
    {
        string path = Write(("feed_forward", [10, 0, 0, 30], 10), ("feed_forward.0", [1, 1, 1, 1], 1));
        (Tensor gram, _) = ExpertMoments.Load(path, new InputSlot(InputKind.FeedForward, 0))!.Value;
        using (gram)
        using (Tensor eigenvalues = linalg.eigvalsh(gram))
        {
            Assert.All(eigenvalues.Elements<double>().ToArray(), value => Assert.True(value > 0.5));
        }
    }

    private void AssertMoments(InputKind kind, int expert, double[] expected, long tokens, params (string Slot, double[] Gram, long Tokens)[] stored)
    {
        string path = Write(stored);
        using var moments = new BlockMoments();
        moments.AddSaved(path);
        var slot = new InputSlot(kind, expert);
        foreach ((Tensor gram, long found) in new[] { ExpertMoments.Load(path, slot)!.Value, ExpertMoments.Of(moments, slot)!.Value })
        {
            using (gram)
            {
                Assert.Equal(tokens, found);
                Assert.Equal(expected, gram.Elements<double>().ToArray());
            }
        }
    }

    private string Write(params (string Slot, double[] Gram, long Tokens)[] stored)
    {
        string path = _folder.At("moments.safetensors");
        using FileStream stream = File.Create(path);
        using var writer = new SafetensorsWriter(
            stream,
            [
                .. stored.Select(moment => new TensorInfo("gram." + moment.Slot, TensorType.F64, [2, 2])),
                .. stored.Select(moment => new TensorInfo("tokens." + moment.Slot, TensorType.I64, [])),
            ]);
        foreach ((string slot, double[] gram, _) in stored)
        {
            writer.Write("gram." + slot, MemoryMarshal.AsBytes<double>(gram));
        }

        foreach ((string slot, _, long tokens) in stored)
        {
            writer.Write("tokens." + slot, MemoryMarshal.AsBytes<long>([tokens]));
        }

        writer.Complete();
        return path;
    }
}
