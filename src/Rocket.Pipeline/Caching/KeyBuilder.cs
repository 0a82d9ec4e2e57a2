using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Rocket.Compression.Native;

namespace Rocket.Pipeline.Caching;

/// <summary>Builds an action key from a stage's name and version and its named inputs.</summary>
/// <remarks>
/// Every field is written as type, name and value, names and values with their lengths before them, so two different
/// sequences of fields never give the same bytes. The order of the calls is part of the key.
/// </remarks>
public sealed class KeyBuilder
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Starts the key of one stage.</summary>
    /// <param name="stage">The stage's name, such as <c>profile</c>.</param>
    /// <param name="version">The stage's version; raised whenever its output changes for equal inputs.</param>
    public KeyBuilder(string stage, int version)
    {
        Add("stage", stage);
        Add("version", version);
    }

    /// <summary>Adds a text.</summary>
    public KeyBuilder Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Begin('s', name);
        WriteText(value);
        return this;
    }

    /// <summary>Adds an integer.</summary>
    public KeyBuilder Add(string name, long value)
    {
        Begin('i', name);
        WriteInt64(value);
        return this;
    }

    /// <summary>Adds a number by its 64 bits: 0.0 and -0.0 differ, as do the NaNs.</summary>
    public KeyBuilder Add(string name, double value)
    {
        Begin('d', name);
        WriteInt64(BitConverter.DoubleToInt64Bits(value));
        return this;
    }

    /// <summary>Adds a yes or no.</summary>
    public KeyBuilder Add(string name, bool value)
    {
        Begin('b', name);
        _bytes.Write([value ? (byte)1 : (byte)0]);
        return this;
    }

    /// <summary>Adds the digest of an input, or the key of the action that makes it.</summary>
    public KeyBuilder Add(string name, Digest value)
    {
        Begin('h', name);
        WriteDigest(value);
        return this;
    }

    /// <summary>Adds an ordered list of digests.</summary>
    public KeyBuilder Add(string name, IEnumerable<Digest> values)
    {
        Digest[] all = [.. values];
        Begin('l', name);
        WriteInt64(all.Length);
        foreach (Digest value in all)
        {
            WriteDigest(value);
        }

        return this;
    }

    /// <summary>Adds an ordered list of numbers by their bits.</summary>
    public KeyBuilder Add(string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        Begin('n', name);
        WriteInt64(all.Length);
        foreach (double value in all)
        {
            WriteInt64(BitConverter.DoubleToInt64Bits(value));
        }

        return this;
    }

    /// <summary>Adds the device that computes, as its bits are its own; nothing for the processor, whose keys are those from before there was a choice.</summary>
    public KeyBuilder Add(string name, ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.IsCpu ? this : Add(name, device.Name);
    }

    /// <summary>The key of all fields added so far.</summary>
    public Digest Build() => Digest.Of(_bytes.WrittenSpan);

    private void Begin(char type, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _bytes.Write([(byte)type]);
        WriteText(name);
    }

    private void WriteText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        WriteInt64(utf8.Length);
        _bytes.Write(utf8);
    }

    private void WriteInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void WriteDigest(Digest value)
    {
        Span<byte> bytes = stackalloc byte[Digest.Length];
        value.CopyTo(bytes);
        _bytes.Write(bytes);
    }
}
