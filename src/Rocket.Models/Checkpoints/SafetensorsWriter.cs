using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rocket.Models.Checkpoints;

/// <summary>Writes a safetensors file as a stream: the header first, then the tensors' bytes in the declared order. It never holds a tensor.</summary>
/// <remarks>The same tensors, metadata and bytes give the same file. The stream stays open.</remarks>
public sealed class SafetensorsWriter : IDisposable
{
    private const int HeaderAlignment = 8;

    private readonly Stream _stream;
    private readonly ImmutableArray<TensorInfo> _tensors;
    private int _current;
    private long _written;
    private bool _isDisposed;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Receives the file from its current position on.</param>
    /// <param name="tensors">The tensors in the order of their data; <see cref="AlignedOrder"/> gives the one that keeps each aligned to its element size.</param>
    /// <param name="metadata">Free-form strings.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice.</exception>
    public SafetensorsWriter(Stream stream, IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        _stream = stream;
        _tensors = [.. tensors];
        byte[] header = Header(_tensors, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        _stream.Write(length);
        _stream.Write(header);
    }

    /// <summary>Wide elements first, then ordinal by name: then every tensor begins at a multiple of its element size.</summary>
    public static ImmutableArray<TensorInfo> AlignedOrder(IEnumerable<TensorInfo> tensors)
        => [.. tensors.OrderByDescending(tensor => tensor.Type.ByteSize()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];

    /// <summary>Bytes of the file that would hold these tensors, header included.</summary>
    public static long FileLength(IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return sizeof(ulong) + Header([.. tensors], metadata).Length + tensors.Sum(tensor => tensor.ByteLength);
    }

    /// <summary>Bytes that a tensor's entry takes in a header where both its offsets have so many digits, with the comma before it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="offsetDigits">Digits of an offset: those of the file's length give an upper bound.</param>
    public static long EntryLength(TensorInfo tensor, int offsetDigits)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long alone = Entries([tensor], null).WrittenCount;
        int digitsAlone = 1 + tensor.ByteLength.ToString(CultureInfo.InvariantCulture).Length;

        // One comma comes where two braces were.
        return alone - 1 - digitsAlone + (2 * offsetDigits);
    }

    /// <summary>Writes the next bytes of a tensor; a tensor may come in any number of pieces.</summary>
    /// <exception cref="InvalidOperationException">It is not this tensor's turn, or these are more bytes than it has.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        SkipFinished(name);
        if (_current == _tensors.Length || _tensors[_current].Name != name)
        {
            string due = _current == _tensors.Length ? "the end" : $"\"{_tensors[_current].Name}\"";
            throw new InvalidOperationException($"Tensor \"{name}\" was written where {due} is due.");
        }

        if (bytes.Length > _tensors[_current].ByteLength - _written)
        {
            throw new InvalidOperationException($"Tensor {_tensors[_current]} has {_tensors[_current].ByteLength} bytes; {_written} + {bytes.Length} were written.");
        }

        _stream.Write(bytes);
        _written += bytes.Length;
    }

    /// <summary>Checks that every tensor was written in full, and flushes the stream.</summary>
    /// <exception cref="InvalidOperationException">One was not.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        SkipFinished(null);
        if (_current < _tensors.Length)
        {
            throw new InvalidOperationException($"Tensor {_tensors[_current]} has {_tensors[_current].ByteLength} bytes; {_written} were written.");
        }

        _stream.Flush();
    }

    /// <summary>Ends the use of this writer; the stream stays open.</summary>
    public void Dispose() => _isDisposed = true;

    private static byte[] Header(ImmutableArray<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = Entries(tensors, metadata);
        int padding = (HeaderAlignment - (buffer.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        buffer.Write("        "u8[..padding]);
        return buffer.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Entries(ImmutableArray<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteTensors(json, tensors);
            json.WriteEndObject();
        }

        return buffer;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, ImmutableArray<TensorInfo> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey, "" };
        long offset = 0;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"\"{tensor.Name}\" is no name for a tensor here: it is empty, reserved or used twice.", nameof(tensors));
            }

            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.SafetensorsName());
            json.WriteStartArray("shape");
            foreach (long size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset = checked(offset + tensor.ByteLength));
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    // Moves past tensors whose bytes are all there; an empty tensor that is being written on purpose is not skipped.
    private void SkipFinished(string? wanted)
    {
        while (_current < _tensors.Length && _written == _tensors[_current].ByteLength && _tensors[_current].Name != wanted)
        {
            _current++;
            _written = 0;
        }
    }
}
