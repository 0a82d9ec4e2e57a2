using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>The backward pass of the calibration loss: moments of output gradients.</summary>
public interface IBackwardPass
{
    /// <summary>Key of a block's moments.</summary>
    Digest KeyOf(int block);

    /// <summary>Path of a block's moments; the blocks after it are run where their gradients are not there.</summary>
    string Moments(int block);

    /// <summary>Runs a block unless it was.</summary>
    /// <returns>Whether it had to be run.</returns>
    bool Ensure(int block);
}
