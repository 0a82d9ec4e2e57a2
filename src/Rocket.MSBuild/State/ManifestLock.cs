namespace Rocket.MSBuild.State;

/// <summary>One build at a time makes the artifacts of a manifest: inner builds, configurations and projects that share an output path wait for each other.</summary>
internal static class ManifestLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock; the operating system frees it when its owner dies.</summary>
    /// <exception cref="IOException">The file cannot be made; also <see cref="UnauthorizedAccessException"/>.</exception>
    /// <exception cref="OperationCanceledException">The build was cancelled meanwhile.</exception>
    public static FileStream Acquire(string path, Func<bool> isCancelled)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Somebody holds it.
                Thread.Sleep(Pause);
                if (isCancelled())
                {
                    throw new OperationCanceledException();
                }
            }
        }
    }
}
