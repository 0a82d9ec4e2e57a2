using System.Security.Cryptography;

namespace Rocket.Pipeline.Caching;

/// <summary>A lock file that the operating system releases when its owner dies; it holds between threads and between processes.</summary>
/// <remarks>
/// The holder deletes the file when it lets go. A second opener may by then hold the deleted file while a third locks a new one of
/// the same name; so a new holder stamps its file with a random time and looks whether that is the file the name leads to.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private FileLock(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Takes the lock, or returns null while another holds it.</summary>
    /// <exception cref="IOException">The file cannot be made for another reason; also <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileLock? TryAcquire(string path)
    {
        // Windows deletes an open file only where it was shared for that; elsewhere any sharing would make the lock a shared one.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
        }
        catch (IOException exception) when (FileFault.IsSharingViolation(exception))
        {
            return null;
        }

        // Whole even seconds: every file system keeps them.
        DateTime stamp = DateTime.UnixEpoch.AddSeconds(2L * RandomNumberGenerator.GetInt32(1 << 29));
        File.SetLastWriteTimeUtc(file.SafeFileHandle, stamp);
        if (File.GetLastWriteTimeUtc(path) == stamp)
        {
            return new FileLock(path, file);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Removes the file and lets go of the lock.</summary>
    public void Dispose()
    {
        if (_file.SafeFileHandle.IsClosed)
        {
            return;
        }

        // While the lock is still held, so that nobody who verified the name can lose it.
        try
        {
            File.Delete(_path);
        }
        finally
        {
            _file.Dispose();
        }
    }
}
