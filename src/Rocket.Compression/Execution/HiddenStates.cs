using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Hidden states of many sequences in a memory-mapped file: float32 <c>[tokens, hidden]</c>, sequence after sequence.</summary>
public sealed unsafe class HiddenStates : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _base;
    private readonly long[] _offsets;
    private readonly IReadOnlyList<int>? _chosen;

    private HiddenStates(MemoryMappedFile file, MemoryMappedFileAccess access, IReadOnlyList<int> lengths, int hiddenSize, IReadOnlyList<int>? chosen = null)
    {
        _file = file;
        HiddenSize = hiddenSize;
        _offsets = Offsets(lengths, hiddenSize);
        _chosen = chosen;
        _view = file.CreateViewAccessor(0, Math.Max(_offsets[^1], 1), access);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _base = pointer + _view.PointerOffset;
    }

    /// <summary>Width of the residual stream.</summary>
    public int HiddenSize { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => _chosen?.Count ?? _offsets.Length - 1;

    /// <summary>Bytes that the sequences take.</summary>
    public static long ByteLength(IReadOnlyList<int> lengths, int hiddenSize) => Offsets(lengths, hiddenSize)[^1];

    /// <summary>Opens a file that holds the states of sequences of the given lengths.</summary>
    public static HiddenStates Open(string path, IReadOnlyList<int> lengths, int hiddenSize)
        => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), MemoryMappedFileAccess.Read, lengths, hiddenSize);

    /// <summary>Opens a file of all sequences of the given lengths, and shows only the chosen ones.</summary>
    public static HiddenStates Open(string path, IReadOnlyList<int> lengths, int hiddenSize, IReadOnlyList<int> chosen)
        => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), MemoryMappedFileAccess.Read, lengths, hiddenSize, chosen);

    /// <summary>Creates a file that is deleted when this is disposed of.</summary>
    public static HiddenStates CreateTemporary(string folder, IReadOnlyList<int> lengths, int hiddenSize)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"hidden-{Guid.NewGuid():N}.tmp");
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        // An empty file cannot be mapped: no sequences take one byte.
        stream.SetLength(Math.Max(ByteLength(lengths, hiddenSize), 1));
        var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        return new HiddenStates(file, MemoryMappedFileAccess.ReadWrite, lengths, hiddenSize);
    }

    /// <summary>A copy of the states of a sequence, <c>[tokens, hidden]</c>.</summary>
    public Tensor Read(int sequence)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(Span(sequence));
        return values.ToTensor(ScalarType.Float32, values.Length / HiddenSize, HiddenSize);
    }

    /// <summary>Replaces the states of a sequence.</summary>
    public void Write(int sequence, Tensor states)
    {
        using Tensor contiguous = states.contiguous();
        contiguous.Raw().CopyTo(Span(sequence));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static long[] Offsets(IReadOnlyList<int> lengths, int hiddenSize)
    {
        long[] offsets = new long[lengths.Count + 1];
        for (int i = 0; i < lengths.Count; i++)
        {
            offsets[i + 1] = offsets[i] + ((long)lengths[i] * hiddenSize * sizeof(float));
        }

        return offsets;
    }

    private Span<byte> Span(int sequence)
    {
        int place = _chosen is null ? sequence : _chosen[sequence];
        return new Span<byte>(_base + _offsets[place], checked((int)(_offsets[place + 1] - _offsets[place])));
    }
}
