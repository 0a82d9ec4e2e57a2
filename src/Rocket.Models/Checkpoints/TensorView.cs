namespace Rocket.Models.Checkpoints;

/// <summary>A tensor's bytes in the memory map of its file; valid while the file is open.</summary>
public readonly struct TensorView
{
    internal TensorView(TensorInfo info, nint pointer)
    {
        Info = info;
        Pointer = pointer;
        ByteLength = info.ByteLength;
    }

    /// <summary>Name, type and shape.</summary>
    public TensorInfo Info { get; }

    /// <summary>Address of the first byte; it need not be aligned to the element size.</summary>
#pragma warning disable CA1720 // It is a pointer: the one place where the name of the type is the meaning.
    public nint Pointer { get; }
#pragma warning restore CA1720

    /// <summary>Number of bytes.</summary>
    public long ByteLength { get; }

    /// <summary>All bytes.</summary>
    /// <exception cref="InvalidOperationException">There are more than 2^31 - 1; use <see cref="Slice"/>.</exception>
    public ReadOnlySpan<byte> Bytes => ByteLength <= int.MaxValue
        ? Slice(0, (int)ByteLength)
        : throw new InvalidOperationException($"Tensor {Info} has {ByteLength} bytes, more than a span holds; read it in slices.");

    /// <summary>Takes the tensor's pages out of the process's resident memory; the next read brings them back from the page cache.</summary>
    public void DropResidentPages() => ResidentPages.DropWithin(Pointer, ByteLength);

    /// <summary>Some of the bytes.</summary>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="length">Number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slice is not within the tensor.</exception>
    public unsafe ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteLength - length);
        return new ReadOnlySpan<byte>((byte*)Pointer + offset, length);
    }
}
