using System.Runtime.InteropServices;

namespace Rocket.Compression.Native;

/// <summary>Keeps the C allocator from holding on to large tensors that were freed.</summary>
/// <remarks>
/// glibc raises its threshold for mapping a block on its own to 32 MB as such blocks are freed; matrices below that then come from per-thread
/// heaps, which fragment and never shrink. A fixed threshold costs page faults on large tensors only and keeps peak memory near what is in use.
/// </remarks>
internal static partial class NativeAllocator
{
    private const int MapThresholdParameter = -3;
    private const int MapThreshold = 4 << 20;

    /// <summary>Fixes the threshold; does nothing where the C library is not glibc.</summary>
    public static void ReturnLargeBlocks()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            // A refusal leaves the default, which only costs memory.
            _ = SetOption(MapThresholdParameter, MapThreshold);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
