using Rocket.Compression.Execution;
using Rocket.Models.Architectures;

namespace Rocket.Compression.Calibration;

/// <summary>One pass of all windows through one block, forward or backward, that leaves moments.</summary>
internal static class BlockPass
{
    /// <summary>Loads the block, computes the windows in parallel, and takes their results in the order of the windows.</summary>
    /// <param name="block">The block.</param>
    /// <param name="loader">Its weights.</param>
    /// <param name="windows">Number of windows.</param>
    /// <param name="compute">Computes a window.</param>
    /// <param name="consume">Adds a window's result to the moments and writes what the next block needs.</param>
    /// <param name="units">Windows at work at once.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <returns>The moments, the caller's.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: what was summed is not finite.</exception>
    public static TMoments Run<TMoments, TResult>(
        BlockSpec block,
        WeightLoader loader,
        int windows,
        Func<BlockExecutor, int, TResult> compute,
        Action<TMoments, int, TResult> consume,
        ParallelUnits units,
        CancellationToken cancellationToken)
        where TMoments : MomentSums, new()
        where TResult : IDisposable
    {
        using BlockWeights weights = BlockWeights.Load(block, loader);
        using var executor = new BlockExecutor(block, weights);
        var moments = new TMoments();
        try
        {
            units.Run(
                windows,
                window => compute(executor, window),
                (window, result) =>
                {
                    using (result)
                    {
                        consume(moments, window, result);
                    }
                },
                cancellationToken);
            moments.Complete();
            moments.EnsureFinite(block.Index);
            return moments;
        }
        catch
        {
            moments.Dispose();
            throw;
        }
    }
}
