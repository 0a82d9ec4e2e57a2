namespace Rocket.Pipeline.Sources.Hub;

/// <summary>What the hub announces of a file.</summary>
/// <param name="Path">The path in its repository, with forward slashes.</param>
/// <param name="Commit">The commit that it is of.</param>
/// <param name="ETag">Name of its content: SHA-256 of a large file, git's SHA-1 of a small one.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Address">Where its bytes are.</param>
internal sealed record HubFile(string Path, string Commit, string ETag, long Length, Uri Address);
