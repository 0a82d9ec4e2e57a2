using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Runs a block behind its compressed predecessors: what its linears really read there, and what it really gives.</summary>
public static class CorrectionCalibrator
{
    /// <summary>Runs the dense block over the hidden states of both models, side by side.</summary>
    /// <param name="block">The block.</param>
    /// <param name="loader">Its dense weights.</param>
    /// <param name="dense">Its input in the dense model, window by window.</param>
    /// <param name="compressed">Its input behind compressed blocks, of the same windows.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <returns>The moments, the caller's.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: activations are not finite.</exception>
    public static CorrectionMoments Measure(
        BlockSpec block, WeightLoader loader, HiddenStates dense, HiddenStates compressed, ParallelUnits units, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(compressed);
        ArgumentNullException.ThrowIfNull(units);
        return BlockPass.Run<CorrectionMoments, WindowProducts>(
            block,
            loader,
            dense.Count,
            (executor, window) => Compare(executor, dense, compressed, window),
            (moments, _, result) =>
            {
                foreach ((InputSlot slot, Tensor gram, Tensor cross, long tokens) in result.Products)
                {
                    moments.Add(slot, gram, cross, tokens);
                }
            },
            units,
            cancellationToken);
    }

    /// <summary>Runs the compressed block: the input of the next.</summary>
    /// <param name="block">The block.</param>
    /// <param name="weights">Its weights, those of factored linears multiplied out.</param>
    /// <param name="input">Its input behind compressed blocks, window by window.</param>
    /// <param name="output">Receives its output in the same form.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    public static void Run(BlockSpec block, BlockWeights weights, HiddenStates input, Stream output, ParallelUnits units, CancellationToken cancellationToken)
    {
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

    private static WindowProducts Compare(BlockExecutor executor, HiddenStates dense, HiddenStates compressed, int window)
    {
        using DisposeScope scope = NewDisposeScope();
        using var own = new InputRecorder();
        executor.Run(dense.Read(window, executor.Device), own);
        using var shifted = new InputRecorder();
        executor.Run(compressed.Read(window, executor.Device), shifted);
        var products = new List<(InputSlot, Tensor, Tensor, long)>();
        foreach (((InputSlot slot, Tensor x), (_, Tensor y)) in own.Kept.Zip(shifted.Kept))
        {
            Tensor gram = ComputeDevice.Cpu.Place(y.t().mm(y));
            Tensor cross = ComputeDevice.Cpu.Place(x.t().mm(y));
            products.Add((slot, gram.DetachFromDisposeScope(), cross.DetachFromDisposeScope(), x.shape[0]));
        }

        return new WindowProducts(products);
    }

    private sealed record WindowProducts(IReadOnlyList<(InputSlot Slot, Tensor Gram, Tensor Cross, long Tokens)> Products) : IDisposable
    {
        public void Dispose()
        {
            foreach ((InputSlot _, Tensor gram, Tensor cross, long _) in Products)
            {
                gram.Dispose();
                cross.Dispose();
            }
        }
    }
}
