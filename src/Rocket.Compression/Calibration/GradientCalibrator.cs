using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>
/// The backward pass of the calibration loss, block by block from the last: second moments of the output gradients, and the
/// gradient for the block before. Activations are computed anew from the stored hidden states, so memory is flat in depth.
/// </summary>
public static class GradientCalibrator
{
    /// <summary>Gradient of the loss (next-token cross entropy, summed, nats) at the last block's output.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="windows">Token ids of every window; its own tokens are the labels.</param>
    /// <param name="hidden">The last block's output, window by window.</param>
    /// <param name="output">Receives float32 <c>[tokens, hidden]</c>, window after window.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    public static void RunHead(
        DecoderExecutor decoder, IReadOnlyList<int[]> windows, HiddenStates hidden, Stream output, ParallelUnits units, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(units);
        using DecoderExecutor.Head head = decoder.LoadHead();
        units.Run(
            windows.Count,
            window => HeadGradient(head, hidden, window, windows[window]),
            (_, gradient) =>
            {
                using (gradient)
                {
                    output.Write(gradient.Raw());
                }
            },
            cancellationToken);
    }

    /// <summary>Runs one block backwards.</summary>
    /// <param name="block">The block.</param>
    /// <param name="loader">Its weights.</param>
    /// <param name="input">Its input, window by window.</param>
    /// <param name="gradient">Gradient of the loss at its output, in the same form.</param>
    /// <param name="output">Receives the gradient at its input.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <returns>The moments, the caller's.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: gradients are not finite.</exception>
    public static OutputMoments Run(
        BlockSpec block, WeightLoader loader, HiddenStates input, HiddenStates gradient, Stream output, ParallelUnits units, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(units);
        return BlockPass.Run<OutputMoments, WindowGradients>(
            block,
            loader,
            gradient.Count,
            (executor, window) => Backward(executor, input, gradient, window),
            (moments, _, result) =>
            {
                foreach ((LinearSpec linear, Tensor squares, long tokens) in result.Squares)
                {
                    moments.Add(linear, squares, tokens);
                }

                output.Write(result.Gradient.Raw());
            },
            units,
            cancellationToken);
    }

    private static Tensor HeadGradient(DecoderExecutor.Head head, HiddenStates hidden, int window, int[] ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = hidden.Read(window, head.Device);
        Tensor gradient = zeros_like(states);
        foreach ((int start, int count) in DecoderExecutor.Head.Chunks(ids.Length - 1))
        {
            using DisposeScope chunkScope = NewDisposeScope();
            Tensor chunk = states.narrow(0, start, count).detach().clone().requires_grad_();
            Tensor normed = head.Norm(chunk);
            Tensor pull = head.PullBack(head.ProductGradient(normed.detach(), ids.AsSpan(start + 1, count)));
            gradient.narrow(0, start, count).copy_(autograd.grad([normed], [chunk], [pull])[0]);
        }

        return ComputeDevice.Cpu.Place(gradient).DetachFromDisposeScope();
    }

    private static WindowGradients Backward(BlockExecutor executor, HiddenStates input, HiddenStates gradient, int window)
    {
        using DisposeScope scope = NewDisposeScope();
        using var recorder = new OutputRecorder();
        Tensor hidden = input.Read(window, executor.Device).requires_grad_();
        Tensor result = executor.Run(hidden, recorder);
        IList<Tensor> gradients = autograd.grad([result], [hidden, .. recorder.Kept.Select(o => o.Tensor)], [gradient.Read(window, executor.Device)]);
        var squares = new List<(LinearSpec, Tensor, long)>();
        for (int i = 0; i < recorder.Kept.Count; i++)
        {
            // A window's sum in float32 is exact enough; windows are summed in double.
            Tensor g = gradients[i + 1];
            squares.Add((recorder.Kept[i].Key, ComputeDevice.Cpu.Place(g.Squared().sum([0])).DetachFromDisposeScope(), g.shape[0]));
        }

        return new WindowGradients(squares, ComputeDevice.Cpu.Place(gradients[0].contiguous()).DetachFromDisposeScope());
    }

    private sealed record WindowGradients(IReadOnlyList<(LinearSpec Linear, Tensor Squares, long Tokens)> Squares, Tensor Gradient) : IDisposable
    {
        public void Dispose()
        {
            foreach ((LinearSpec _, Tensor squares, long _) in Squares)
            {
                squares.Dispose();
            }

            Gradient.Dispose();
        }
    }
}
