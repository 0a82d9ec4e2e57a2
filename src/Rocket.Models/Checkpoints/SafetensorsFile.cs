using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>A safetensors file, memory-mapped. Its header is checked before anything is allocated for its tensors.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = sizeof(ulong);

    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly FrozenDictionary<string, SafetensorsHeader.Entry> _entries;
    private readonly long _dataStart;
    private readonly long _fileLength;
    private nint _address;
    private bool _isDisposed;

    private unsafe SafetensorsFile(FileStream stream, SafetensorsHeader header, long dataStart)
    {
        Path = stream.Name;
        Metadata = header.Metadata;
        Tensors = [.. header.Entries.Select(entry => entry.Tensor)];
        _entries = header.Entries.ToFrozenDictionary(entry => entry.Tensor.Name, StringComparer.Ordinal);
        _dataStart = dataStart;
        _fileLength = stream.Length;
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _address = (nint)pointer + (nint)_view.PointerOffset;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public ImmutableArray<TensorInfo> Tensors { get; }

    /// <summary>The header's free-form strings.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="RocketException">RKT2102 to RKT2113: it cannot be read or is not sound.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var header = ReadHeader(stream, out long dataStart);
            return new SafetensorsFile(stream, header, dataStart);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CheckpointErrors.Unreadable(path, cause);
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of a tensor.</summary>
    /// <exception cref="RocketException">RKT2117: there is none of this name.</exception>
    public TensorView Get(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _entries.TryGetValue(name, out var entry)
            ? new TensorView(entry.Tensor, _address + (nint)(_dataStart + entry.Begin))
            : throw CheckpointErrors.MissingTensor(Path, name);
    }

    /// <summary>Takes the map's pages out of the process's resident memory; the next read brings them back from the page cache.</summary>
    public void DropResidentPages()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ResidentPages.Drop(_address, _fileLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _address = 0;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }

    private static SafetensorsHeader ReadHeader(FileStream stream, out long dataStart)
    {
        if (stream.Length < LengthBytes)
        {
            throw CheckpointErrors.Truncated(stream.Name, LengthBytes, stream.Length);
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength)
        {
            throw CheckpointErrors.HeaderTooLong(stream.Name, length, SafetensorsHeader.MaxLength);
        }

        dataStart = LengthBytes + (long)length;
        if (dataStart > stream.Length)
        {
            throw CheckpointErrors.Truncated(stream.Name, dataStart, stream.Length);
        }

        byte[] json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, stream.Length - dataStart, stream.Name);
    }
}
