namespace Rocket.Pipeline.Caching;

/// <summary>A blob that is being written; the store has it once it is committed, and then whole.</summary>
public sealed class BlobWriter : IDisposable
{
    private readonly Store _store;
    private readonly string _temporaryPath;
    private readonly BlobStream _stream;
    private bool _isClosed;

    internal BlobWriter(Store store, string temporaryPath)
    {
        _store = store;
        _temporaryPath = temporaryPath;
        _stream = new BlobStream(temporaryPath);
    }

    /// <summary>Takes the blob's bytes in order; write-only, not seekable. Its errors are coded (RKT5xxx).</summary>
    public Stream Stream => _stream;

    /// <summary>Flushes the blob to disk and renames it to <c>cas/&lt;sha256&gt;</c>.</summary>
    /// <returns>The blob's digest and its size in bytes.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">The file system refuses (RKT5xxx).</exception>
    public (Digest Digest, long Size) Commit()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _stream.FlushToDisk();
        Digest digest = _stream.Digest;
        long size = _stream.Length;
        _stream.Dispose();
        _store.MoveIntoPlace(_temporaryPath, _store.BlobPath(digest), digest, size);
        _isClosed = true;
        return (digest, size);
    }

    /// <summary>Commits the blob where it has the expected digest; otherwise it is as if it had not been written.</summary>
    internal bool TryCommit(Digest expected)
    {
        if (_stream.Digest != expected)
        {
            return false;
        }

        Commit();
        return true;
    }

    /// <summary>Deletes what was written, unless it was committed.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _stream.Dispose();
        File.Delete(_temporaryPath);
    }
}
