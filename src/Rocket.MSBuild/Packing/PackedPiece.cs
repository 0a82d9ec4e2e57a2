namespace Rocket.MSBuild.Packing;

/// <summary>A file of an artifact, or a part of one that is larger than a package may be.</summary>
/// <param name="Source">The artifact's file.</param>
/// <param name="RelativePath">Its path below the models' folder, with forward slashes.</param>
/// <param name="Offset">Where the part begins.</param>
/// <param name="Length">Bytes of the part.</param>
/// <param name="Part">Number of the part from 1 on; 0: the whole file.</param>
internal sealed record PackedPiece(string Source, string RelativePath, long Offset, long Length, int Part);
