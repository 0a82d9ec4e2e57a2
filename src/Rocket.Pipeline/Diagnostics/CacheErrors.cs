using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of the store, RKT5001 to RKT5099.</summary>
public static class CacheErrors
{
    private const string AnotherFolder = "set ROCKET_CACHE to another folder";

    /// <summary>RKT5001: a file lies where the store needs a folder.</summary>
    public static RocketException FolderIsFile(string path, Exception? cause = null) =>
        new("RKT5001", $"The cache folder \"{path}\" cannot be made: a file lies there or on the way to it. Remove the file or {AnotherFolder}.", new SourceLocation(path), cause);

    /// <summary>RKT5002: no space is left, or the quota is used up.</summary>
    public static RocketException DiskFull(string path, Exception? cause = null) =>
        new("RKT5002", $"No space is left for the cache at \"{path}\". Free some, run `dotnet rocket cache prune`, or {AnotherFolder}; finished work is kept.", new SourceLocation(path), cause);

    /// <summary>RKT5003: the user may not read or write there.</summary>
    public static RocketException PermissionDenied(string path, Exception? cause = null) =>
        new("RKT5003", $"Permission denied for \"{path}\" in the cache. Give this user read and write access or {AnotherFolder}.", new SourceLocation(path), cause);

    /// <summary>RKT5004: the file system is mounted read-only.</summary>
    public static RocketException ReadOnly(string path, Exception? cause = null) =>
        new("RKT5004", $"The cache at \"{path}\" lies on a read-only file system. Mount it writable or {AnotherFolder}.", new SourceLocation(path), cause);

    /// <summary>RKT5005: any other failure of the file system.</summary>
    public static RocketException Unusable(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT5005", $"The cache failed at \"{path}\": {cause.Message} Check the disk or {AnotherFolder}.", new SourceLocation(path), cause);
    }

    /// <summary>RKT5006: no home or cache folder is known.</summary>
    public static RocketException NoDefaultFolder() =>
        new("RKT5006", "This user has no home folder that could hold the cache. Set ROCKET_CACHE to a folder.");

    /// <summary>RKT5007: a folder lies where the store needs a file.</summary>
    public static RocketException FileIsFolder(string path, Exception? cause = null) =>
        new("RKT5007", $"The cache needs a file at \"{path}\", but a folder lies there. Remove the folder; nothing of Rocket's is in it.", new SourceLocation(path), cause);

    /// <summary>RKT5008: a source file cannot be read to take its digest.</summary>
    public static RocketException SourceUnreadable(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT5008", $"The input \"{path}\" cannot be read: {cause.Message} Check that it exists and that this user may read it.", new SourceLocation(path), cause);
    }

    /// <summary>The coded error behind a failure of the file system at a path of the store.</summary>
    public static RocketException From(Exception cause, string path) => cause switch
    {
        RocketException coded => coded,
        _ when FileFault.IsReadOnly(cause) => ReadOnly(path, cause),
        _ when FileFault.IsDiskFull(cause) => DiskFull(path, cause),
        _ when Directory.Exists(path) && Path.GetFileName(Path.GetDirectoryName(path)) is "cas" or "ac" => FileIsFolder(path, cause),
        UnauthorizedAccessException => PermissionDenied(path, cause),
        _ when IsBelowFile(path) => FolderIsFile(path, cause),
        _ => Unusable(path, cause),
    };

    private static bool IsBelowFile(string path)
    {
        for (string? at = path; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at))
            {
                return true;
            }
        }

        return false;
    }
}
