namespace Rocket.Pipeline.Dependencies;

/// <summary>Size and time of a file: what tells, without reading it, that it may have changed.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Ticks">Time of the last write, UTC, in 100 ns.</param>
internal readonly record struct FileStamp(long Size, long Ticks)
{
    /// <summary>The stamp of a file, or null where there is none; of what it leads to where it is a link.</summary>
    public static FileStamp? Of(string path) => Follow(path) is { Exists: true } file ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : null;

    /// <summary>A file, or what it leads to where it is a link: .NET tells size and time of the link itself.</summary>
    public static FileInfo Follow(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : (FileInfo)(file.ResolveLinkTarget(returnFinalTarget: true) ?? file);
    }
}
