namespace Rocket.Pipeline.Caching.Remote;

/// <summary>What went between this run and the remote cache.</summary>
/// <param name="Actions">Actions whose outputs the server told.</param>
/// <param name="Downloads">Blobs that were received and verified.</param>
/// <param name="Downloaded">Bytes received, as they went over the wire.</param>
/// <param name="Uploads">Actions that were sent with all their outputs.</param>
/// <param name="Uploaded">Bytes sent.</param>
/// <param name="Failures">Requests that failed for good, and answers that were not what they should be.</param>
/// <param name="Time">Time that requests took, summed over threads.</param>
public sealed record RemoteTraffic(int Actions, int Downloads, long Downloaded, int Uploads, long Uploaded, int Failures, TimeSpan Time);
