using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>The calibration windows.</summary>
/// <param name="Windows">Token ids of each window, all of one length.</param>
/// <param name="Digest">Digest of the ids.</param>
public sealed record CalibrationSample(IReadOnlyList<int[]> Windows, Digest Digest)
{
    private const int Version = 1;

    /// <summary>Windows with their digest.</summary>
    public static CalibrationSample Create(IReadOnlyList<int[]> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var key = new KeyBuilder("sample", Version).Add("windows", windows.Count);
        foreach (int[] window in windows)
        {
            key.Add("window", Digest.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(window.AsSpan())));
        }

        return new CalibrationSample(windows, key.Build());
    }
}
