using System.Globalization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <content>Locks between processes, who is using the store, and what dead processes left.</content>
public sealed partial class Store
{
    /// <summary>Waits until this caller alone works on an action; whoever is killed lets go.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="onWait">Told once, with the reason, if another process or thread holds the action.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lock; disposing it lets the next one in.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public IDisposable Lock(Digest key, Action<string>? onWait = null, CancellationToken cancellationToken = default)
    {
        string path = Path.Combine(Locks, key.ToString());
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (FileLock.TryAcquire(path) is { } held)
                {
                    return held;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw CacheErrors.From(exception, path);
            }

            // A clean-up may hold a lock for a moment; only a real wait is worth a line.
            if (attempt == 5)
            {
                onWait?.Invoke($"Waiting for another build that works on {key.ToString()[..12]}.");
            }

            cancellationToken.WaitHandle.WaitOne(attempt < 10 ? 10 : 100);
        }
    }

    /// <summary>When the oldest store that is still open on this folder was opened, in any process.</summary>
    private DateTime OldestSession()
    {
        DateTime oldest = DateTime.MaxValue;
        foreach (string path in Directory.EnumerateFiles(Sessions))
        {
            if (!TryRemoveDead(path) && StartOf(path) is { } start && start < oldest)
            {
                oldest = start;
            }
        }

        return oldest;
    }

    private static FileLock BeginSession(string folder)
    {
        while (true)
        {
            string start = DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);
            if (FileLock.TryAcquire(Path.Combine(folder, $"{start}-{Guid.NewGuid():N}")) is { } session)
            {
                return session;
            }
        }
    }

    private static DateTime? StartOf(string path) =>
        long.TryParse(Path.GetFileName(path).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null;

    /// <summary>Deletes a lock file that nobody holds.</summary>
    private static bool TryRemoveDead(string path)
    {
        FileLock? held = File.Exists(path) ? FileLock.TryAcquire(path) : null;
        held?.Dispose();
        return held is not null;
    }

    private void RemoveLeftovers()
    {
        DateTime old = DateTime.UtcNow - LeftoverAge;
        foreach (FileInfo file in new DirectoryInfo(Temporary).EnumerateFiles())
        {
            // A file that is still being written is locked, however old: opening it for writing tells.
            if (file.LastWriteTimeUtc < old && !IsLocked(file.FullName))
            {
                file.Delete();
            }
        }

        foreach (string folder in (string[])[Locks, Sessions])
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                TryRemoveDead(path);
            }
        }
    }

    private static bool IsLocked(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (IOException exception) when (FileFault.IsSharingViolation(exception))
        {
            return true;
        }
    }

    /// <summary>Notes that an entry was used, for eviction in order of last use.</summary>
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The entry went away or belongs to another user: it serves as well without a fresh time.
        }
    }

    /// <summary>Deletes a bad entry. It is moved aside and judged again first: another process may have mended it meanwhile.</summary>
    private void Discard(string path, Func<string, bool> isGood, string reason)
    {
        string aside = TemporaryPath();
        try
        {
            File.Move(path, aside);
            if (isGood(aside))
            {
                File.Move(aside, path, overwrite: true);
                return;
            }

            File.Delete(aside);
        }
        catch (FileNotFoundException)
        {
            // Another process deleted it first, and reports it.
            return;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, path);
        }

        _report?.Invoke($"Cache entry \"{path}\" {reason}; deleted, to be made again.");
    }
}
