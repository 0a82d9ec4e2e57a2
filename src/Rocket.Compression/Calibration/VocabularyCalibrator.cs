using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Gathers the moments of embedding and head from what the passes over the blocks left.</summary>
public static class VocabularyCalibrator
{
    /// <summary>Runs the head over the last hidden states, and counts tokens and gradients of the embedding.</summary>
    /// <param name="moments">What they are added to, window by window.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="windows">Token ids of every window; its own tokens are the labels.</param>
    /// <param name="hidden">The last block's output, window by window.</param>
    /// <param name="gradient">Gradient of the loss (next-token cross entropy, summed, nats) at the first block's input, in the same form.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    public static void Add(
        VocabularyMoments moments, DecoderExecutor decoder, IReadOnlyList<int[]> windows, HiddenStates hidden, HiddenStates gradient, ParallelUnits units, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(moments);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(units);
        using DecoderExecutor.Head head = decoder.LoadHead();
        units.Run(
            windows.Count,
            window => OfWindow(decoder, head, hidden, gradient, window, windows[window]),
            (window, sums) =>
            {
                using (sums)
                {
                    moments.AddHead(sums.Gram, sums.Outputs, windows[window].Length - 1);
                    moments.AddEmbedding(sums.Gradients, sums.Counts, windows[window].Length);
                }
            },
            cancellationToken);
    }

    private static WindowSums OfWindow(DecoderExecutor decoder, DecoderExecutor.Head head, HiddenStates hidden, HiddenStates gradient, int window, int[] ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = hidden.Read(window, head.Device);
        Tensor gram = zeros([states.shape[1], states.shape[1]], ScalarType.Float64);
        Tensor outputs = zeros([decoder.Spec.VocabularySize], ScalarType.Float64);
        foreach ((int start, int count) in DecoderExecutor.Head.Chunks(ids.Length - 1))
        {
            using DisposeScope chunkScope = NewDisposeScope();
            Tensor normed = head.Norm(states.narrow(0, start, count));
            gram.PlusInPlace(ComputeDevice.Cpu.Place(normed.t().mm(normed)).to_type(ScalarType.Float64));
            outputs.PlusInPlace(ComputeDevice.Cpu.Place(head.ProductGradient(normed, ids.AsSpan(start + 1, count)).Squared().sum([0])));
        }

        // A row of the table enters the residual stream times the multiplier.
        double multiplier = decoder.Spec.Embedding.Multiplier;
        Tensor gradients = gradient.Read(window, ComputeDevice.Cpu).to_type(ScalarType.Float64).Squared().sum([0]).Times(multiplier * multiplier);
        Tensor counts = zeros([decoder.Spec.VocabularySize], ScalarType.Float64);
        Span<double> ofToken = counts.Elements<double>();
        foreach (int id in ids)
        {
            ofToken[id]++;
        }

        return new WindowSums(gram.DetachFromDisposeScope(), outputs.DetachFromDisposeScope(), gradients.DetachFromDisposeScope(), counts.DetachFromDisposeScope());
    }

    private sealed record WindowSums(Tensor Gram, Tensor Outputs, Tensor Gradients, Tensor Counts) : IDisposable
    {
        public void Dispose()
        {
            Gram.Dispose();
            Outputs.Dispose();
            Gradients.Dispose();
            Counts.Dispose();
        }
    }
}
