using Microsoft.Win32.SafeHandles;
using Rocket.Compression.Native;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Hidden states of many sequences in a file: float32 <c>[tokens, hidden]</c>, sequence after sequence.</summary>
/// <remarks>The file is read and not mapped: mapped pages would count as the process's memory, as many as there are sequences.</remarks>
public sealed class HiddenStates : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long[] _offsets;
    private readonly IReadOnlyList<int>? _chosen;

    private HiddenStates(SafeFileHandle file, IReadOnlyList<int> lengths, int hiddenSize, IReadOnlyList<int>? chosen = null)
    {
        _file = file;
        HiddenSize = hiddenSize;
        _offsets = Offsets(lengths, hiddenSize);
        _chosen = chosen;
    }

    /// <summary>Width of the residual stream.</summary>
    public int HiddenSize { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => _chosen?.Count ?? _offsets.Length - 1;

    /// <summary>Bytes that the sequences take.</summary>
    public static long ByteLength(IReadOnlyList<int> lengths, int hiddenSize) => Offsets(lengths, hiddenSize)[^1];

    /// <summary>Opens a file that holds the states of sequences of the given lengths.</summary>
    public static HiddenStates Open(string path, IReadOnlyList<int> lengths, int hiddenSize) => new(OpenFile(path), lengths, hiddenSize);

    /// <summary>Opens a file of all sequences of the given lengths, and shows only the chosen ones.</summary>
    public static HiddenStates Open(string path, IReadOnlyList<int> lengths, int hiddenSize, IReadOnlyList<int> chosen)
        => new(OpenFile(path), lengths, hiddenSize, chosen);

    /// <summary>Creates a file of zeros that is deleted when this is disposed of.</summary>
    public static HiddenStates CreateTemporary(string folder, IReadOnlyList<int> lengths, int hiddenSize)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"hidden-{Guid.NewGuid():N}.tmp");
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.SetLength(file, ByteLength(lengths, hiddenSize));
        return new HiddenStates(file, lengths, hiddenSize);
    }

    /// <summary>A copy of the states of a sequence, <c>[tokens, hidden]</c>, on the device that goes on with them.</summary>
    /// <exception cref="EndOfStreamException">The file ends before them.</exception>
    public Tensor Read(int sequence, ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Place(Read(sequence));
    }

    /// <summary>A copy of the states of a sequence, <c>[tokens, hidden]</c>, on the processor.</summary>
    /// <exception cref="EndOfStreamException">The file ends before them.</exception>
    public Tensor Read(int sequence)
    {
        (long offset, long length) = RangeOf(sequence);
        Tensor states = empty([length / HiddenSize / sizeof(float), HiddenSize], ScalarType.Float32);
        Span<byte> left = length == 0 ? [] : states.Raw();
        while (!left.IsEmpty)
        {
            int read = RandomAccess.Read(_file, left, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The hidden states of sequence {sequence} are not there.");
            }

            offset += read;
            left = left[read..];
        }

        return states;
    }

    /// <summary>Replaces the states of a sequence by those on any device.</summary>
    public void Write(int sequence, Tensor states)
    {
        ArgumentNullException.ThrowIfNull(states);
        using Tensor contiguous = ComputeDevice.Cpu.Place(states.contiguous());
        (long offset, long length) = RangeOf(sequence);
        ReadOnlySpan<byte> bytes = length == 0 ? [] : contiguous.Raw();
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, length, nameof(states));
        RandomAccess.Write(_file, bytes, offset);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenFile(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static long[] Offsets(IReadOnlyList<int> lengths, int hiddenSize)
    {
        long[] offsets = new long[lengths.Count + 1];
        for (int i = 0; i < lengths.Count; i++)
        {
            offsets[i + 1] = offsets[i] + ((long)lengths[i] * hiddenSize * sizeof(float));
        }

        return offsets;
    }

    private (long Offset, long Length) RangeOf(int sequence)
    {
        int place = _chosen is null ? sequence : _chosen[sequence];
        return (_offsets[place], _offsets[place + 1] - _offsets[place]);
    }
}
