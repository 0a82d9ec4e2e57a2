using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Runs one block over all calibration windows: the moments of its inputs, and the hidden states for the next block.</summary>
public static class BlockCalibrator
{
    /// <summary>Embeds the windows: the first block's input.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="windows">Token ids of every window.</param>
    /// <param name="output">Receives float32 <c>[tokens, hidden]</c>, window after window.</param>
    public static void Embed(DecoderExecutor decoder, IReadOnlyList<int[]> windows, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(output);
        foreach (int[] window in windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Tensor embedded = decoder.Embed(window);
            output.Write(embedded.Raw());
        }
    }

    /// <summary>Runs the block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="loader">Its weights.</param>
    /// <param name="input">Its input, window by window.</param>
    /// <param name="output">Receives its output in the same form.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="progress">Told the number of windows done.</param>
    /// <returns>The moments, the caller's.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: activations are not finite.</exception>
    public static BlockMoments Run(
        BlockSpec block,
        WeightLoader loader,
        HiddenStates input,
        Stream output,
        ParallelUnits units,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(units);
        return BlockPass.Run<BlockMoments, WindowResult>(
            block,
            loader,
            input.Count,
            (executor, window) => Compute(executor, input, window),
            (moments, window, result) =>
            {
                moments.Add(result.Moments);
                output.Write(result.Hidden.Raw());
                progress?.Report(window + 1);
            },
            units,
            cancellationToken);
    }

    /// <summary>Runs a block with weights of its own, as compressed ones are: the input of the next.</summary>
    /// <param name="block">The block.</param>
    /// <param name="weights">Its weights, those of factored linears multiplied out.</param>
    /// <param name="input">Its input, window by window.</param>
    /// <param name="output">Receives its output in the same form.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    public static void Forward(BlockSpec block, BlockWeights weights, HiddenStates input, Stream output, ParallelUnits units, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(units);
        using var executor = new BlockExecutor(block, weights);
        units.Run(
            input.Count,
            window =>
            {
                using DisposeScope scope = NewDisposeScope();
                return ComputeDevice.Cpu.Place(executor.Run(input.Read(window, executor.Device)).contiguous()).DetachFromDisposeScope();
            },
            (_, hidden) =>
            {
                using (hidden)
                {
                    output.Write(hidden.Raw());
                }
            },
            cancellationToken);
    }

    private static WindowResult Compute(BlockExecutor executor, HiddenStates input, int window)
    {
        using DisposeScope scope = NewDisposeScope();
        var moments = new WindowMoments();
        try
        {
            Tensor hidden = ComputeDevice.Cpu.Place(executor.Run(input.Read(window, executor.Device), moments).contiguous());
            return new WindowResult(moments, hidden.DetachFromDisposeScope());
        }
        catch
        {
            moments.Dispose();
            throw;
        }
    }

    private sealed record WindowResult(WindowMoments Moments, Tensor Hidden) : IDisposable
    {
        public void Dispose()
        {
            Moments.Dispose();
            Hidden.Dispose();
        }
    }
}
