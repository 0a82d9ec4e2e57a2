using System.Collections.Immutable;
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

    /// <summary>Divides the windows into groups of consecutive ones, as equal as can be.</summary>
    public ImmutableArray<CalibrationSample> Divide(int groups)
        => [.. Enumerable.Range(0, groups).Select(group => Create([.. Windows.Take(StartOf(group, groups)..StartOf(group + 1, groups))]))];

    /// <summary>Index of a group's first window.</summary>
    public int StartOf(int group, int groups) => (int)((long)group * Windows.Count / groups);
}
