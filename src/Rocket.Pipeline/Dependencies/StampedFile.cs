namespace Rocket.Pipeline.Dependencies;

/// <summary>A file as it was when the build began; without a stamp, a file that was not there.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Stamp">Its size and time, or null.</param>
internal sealed record StampedFile(string Path, FileStamp? Stamp)
{
    /// <summary>The file as it is now.</summary>
    public static StampedFile Of(string path) => new(path, FileStamp.Of(path));
}
