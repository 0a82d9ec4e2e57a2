using System.Runtime.InteropServices;

namespace Rocket.Inference.Memory;

/// <summary>Floats outside the managed heap, aligned to a cache line; freed when disposed or, at the latest, when collected.</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    private const int Alignment = 64;

    /// <summary>Allocates; the content is undefined.</summary>
    public NativeBuffer(long length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1) * sizeof(float), Alignment));
    }

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    public float* Pointer => (float*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Replaces a buffer that is too short; its content is lost.</summary>
    /// <returns>The first float.</returns>
    public static float* Ensure(ref NativeBuffer? buffer, long length)
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = null;
            buffer = new NativeBuffer(length);
        }

        return buffer.Pointer;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
