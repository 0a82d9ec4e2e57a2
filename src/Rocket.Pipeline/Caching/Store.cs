using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <summary>The content-addressed store: <c>cas/&lt;sha256&gt;</c> holds bytes, <c>ac/&lt;key&gt;</c> names an action's outputs (Bazel's layout).</summary>
/// <remarks>
/// Every entry is written to <c>tmp/</c>, flushed and renamed, so it is there whole or not at all, whenever a process dies. Any number
/// of threads and processes may share a folder. While a store is open, <c>sessions/</c> says so, and pruning leaves alone what was
/// used since the oldest open store was opened.
/// </remarks>
public sealed partial class Store : IDisposable
{
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    private readonly Action<string>? _report;
    private readonly FileLock _session;

    private Store(string folder, Action<string>? report, FileLock session, long? maximumSize)
    {
        Folder = folder;
        MaximumSize = maximumSize;
        _report = report;
        _session = session;
    }

    /// <summary>The store's folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>Most bytes that the store is to hold; null for no limit.</summary>
    public long? MaximumSize { get; }

    private string Actions => Path.Combine(Folder, "ac");

    private string Blobs => Path.Combine(Folder, "cas");

    /// <summary>A folder for files that live no longer than the process.</summary>
    public string ScratchFolder => Temporary;

    private string Temporary => Path.Combine(Folder, "tmp");

    private string Locks => Path.Combine(Folder, "locks");

    private string Sessions => Path.Combine(Folder, "sessions");

    /// <summary>Opens the store in a folder, and creates it where it is not there yet.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="report">Told of every bad entry that is found and deleted.</param>
    /// <param name="maximumSize">Most bytes that it is to hold; what an open store has used stays nevertheless.</param>
    /// <exception cref="RocketException">The folder cannot be made or written (RKT5xxx).</exception>
    public static Store Open(string folder, Action<string>? report = null, long? maximumSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string full = Path.GetFullPath(folder);
        string at = full;
        try
        {
            foreach (string name in (string[])["", "ac", "cas", "tmp", "locks", "sessions", "memo"])
            {
                at = Path.Combine(full, name);
                Directory.CreateDirectory(at);
            }

            Store store = new(full, report, BeginSession(at = Path.Combine(full, "sessions")), maximumSize);
            at = full;
            store.RemoveLeftovers();
            return store;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, at);
        }
    }

    /// <summary>The outputs of an action, or null where they are not all there: no entry, a damaged one, or a blob missing or of the wrong size.</summary>
    public ActionResult? TryGetAction(Digest key)
    {
        string path = ActionPath(key);
        if (TryReadAction(key, path) is not { } result || !result.OutputFiles.All(file => TryGetBlob(file.Digest, file.Size, verify: false) is not null))
        {
            return null;
        }

        Touch(path);
        return result;
    }

    /// <summary>The path of one output of an action, whether the others are there or not: pruning may have taken them, or they were never fetched.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="verify">As for <see cref="TryGetBlob"/>.</param>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public string? TryGetOutput(Digest key, string output, bool verify = true)
    {
        string path = ActionPath(key);
        if (TryReadAction(key, path)?.Find(output) is not { } file || TryGetBlob(file.Digest, file.Size, verify) is not { } blob)
        {
            return null;
        }

        Touch(path);
        return blob;
    }

    /// <summary>Records the outputs of an action; those that are there are committed before.</summary>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public void PutAction(Digest key, ActionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        WriteWhole(ActionPath(key), ActionResultCodec.Write(key, result));
        MakeRoom();
    }

    /// <summary>The path of a blob, or null where it is missing or bad; a bad one is reported and deleted.</summary>
    /// <param name="digest">The blob's digest.</param>
    /// <param name="size">The blob's size in bytes.</param>
    /// <param name="verify">Whether its bytes are read and their digest compared, not only its size.</param>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public string? TryGetBlob(Digest digest, long size, bool verify = true)
    {
        string path = BlobPath(digest);
        FileInfo file = new(path);
        try
        {
            // Before it is read: pruning must not take it from here on.
            if (!TryHold(file))
            {
                return null;
            }

            bool isGood = file.Length == size && (!verify || Digest.OfFile(path) == digest);
            if (isGood)
            {
                return path;
            }

            Discard(path, aside => new FileInfo(aside).Length == size && Digest.OfFile(aside) == digest, "does not match its digest or size");
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, path);
        }
    }

    /// <summary>Starts a new blob.</summary>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public BlobWriter CreateBlob() => new(this, TemporaryPath());

    /// <summary>Writes a small blob in one go.</summary>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public (Digest Digest, long Size) PutBlob(ReadOnlySpan<byte> content)
    {
        using BlobWriter writer = CreateBlob();
        writer.Stream.Write(content);
        return writer.Commit();
    }

    /// <summary>Says that the store is no longer used.</summary>
    public void Dispose() => _session.Dispose();

    internal string BlobPath(Digest digest) => Path.Combine(Blobs, digest.ToString());

    internal void MoveIntoPlace(string temporaryPath, string path, Digest digest, long size)
    {
        try
        {
            File.Move(temporaryPath, path, overwrite: true);
            Interlocked.Add(ref _written, size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Windows does not rename over a file that another process reads: the same bytes are there already.
            if (OperatingSystem.IsWindows() && TryGetBlob(digest, size) is not null)
            {
                File.Delete(temporaryPath);
                return;
            }

            throw CacheErrors.From(exception, path);
        }
    }

    /// <summary>Writes a small file whole or not at all.</summary>
    internal void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        string temporaryPath = TemporaryPath();
        try
        {
            using (FileStream file = new(temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporaryPath, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporaryPath);
            throw CacheErrors.From(exception, path);
        }
    }

    private ActionResult? TryReadAction(Digest key, string path)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, path);
        }

        ActionResult? result = ActionResultCodec.TryRead(key, bytes);
        if (result is null)
        {
            Discard(path, aside => ActionResultCodec.TryRead(key, File.ReadAllBytes(aside)) is not null, "is malformed");
        }

        return result;
    }

    private string ActionPath(Digest key) => Path.Combine(Actions, key.ToString());

    private string TemporaryPath() => Path.Combine(Temporary, Guid.NewGuid().ToString("N"));
}
