using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Sources.Locking;

/// <summary>A file that a lock file pins.</summary>
/// <param name="Path">Its path below the model's folder, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
internal sealed record LockedFile(string Path, long Bytes, Digest Digest);
