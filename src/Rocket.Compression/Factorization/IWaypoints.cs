using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>A linear at some stations of its way to fewer entries: left by whoever walks first, so that the next need not begin with W. The way is the same for all.</summary>
public interface IWaypoints
{
    /// <summary>Told of every station that is walked to.</summary>
    /// <param name="station">How many twentieths of the entries are removed.</param>
    /// <param name="weight">W there, float32 <c>[d_out, d_in]</c>; the walker's, and valid during the call.</param>
    void Pass(int station, Tensor weight);

    /// <summary>The last station of a range, both ends in it, that was left, and W there, which is the caller's; null where there is none.</summary>
    (int Station, Tensor Weight)? Last(int first, int last);
}
