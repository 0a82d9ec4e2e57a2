using Rocket.Compression.Execution;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>The forward pass of the calibration windows: moments of inputs, and hidden states.</summary>
public interface ICalibration
{
    /// <summary>Token ids of the windows.</summary>
    IReadOnlyList<int[]> Windows { get; }

    /// <summary>Key of a block's moments; of the embedding for block -1.</summary>
    Digest KeyOf(int block);

    /// <summary>Path of a block's moments; the blocks before it are run where their hidden states are not there.</summary>
    string Moments(int block);

    /// <summary>Runs a block unless it was.</summary>
    /// <returns>Whether it had to be run.</returns>
    bool Ensure(int block);

    /// <summary>Opens some windows' hidden states behind a block; behind the embedding for block -1.</summary>
    /// <param name="block">The block's index, or -1.</param>
    /// <param name="windows">Which windows, in increasing order.</param>
    HiddenStates OpenHidden(int block, IReadOnlyList<int> windows);
}
