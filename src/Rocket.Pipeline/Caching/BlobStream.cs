using System.Security.Cryptography;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <summary>A write-only stream into a temporary file that takes the digest of what passes.</summary>
/// <remarks>Failures of the file system leave it as coded errors, so that whoever writes need not know that it writes into a store.</remarks>
internal sealed class BlobStream : Stream
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 17];
    private int _buffered;
    private long _written;

    public BlobStream(string path)
    {
        _path = path;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, path);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written + _buffered;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public Digest Digest
    {
        get
        {
            Drain();
            return Digest.OfState(_hash);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, _buffer.Length - _buffered);
            buffer[..count].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += count;
            buffer = buffer[count..];
            if (_buffered == _buffer.Length)
            {
                Drain();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush() => Drain();

    /// <summary>Writes what is buffered and asks the disk to keep it.</summary>
    public void FlushToDisk()
    {
        Drain();
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, _path);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // What is still buffered belongs to a blob that was given up: FlushToDisk comes before a commit.
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Drain()
    {
        if (_buffered == 0)
        {
            return;
        }

        _hash.AppendData(_buffer, 0, _buffered);
        try
        {
            _file.Write(_buffer, 0, _buffered);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, _path);
        }

        _written += _buffered;
        _buffered = 0;
    }
}
