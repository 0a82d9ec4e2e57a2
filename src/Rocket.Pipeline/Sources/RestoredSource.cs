namespace Rocket.Pipeline.Sources;

/// <summary>A source that is on this machine now.</summary>
/// <param name="Source">The source as the manifest writes it.</param>
/// <param name="Revision">The commit or version.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="IsNew">Whether the lock file did not pin it so before.</param>
public sealed record RestoredSource(string Source, string Revision, string Folder, int Files, long Bytes, bool IsNew);
