using System.Runtime.InteropServices;

namespace Rocket.Compression.Native;

/// <summary>Which freed tensors the C allocator keeps for the next ones: small ones, never large ones.</summary>
/// <remarks>
/// glibc raises its threshold for mapping a block on its own to 32 MB as such blocks are freed; matrices below that then come from per-thread
/// heaps, which fragment and never shrink. A fixed threshold costs page faults on large tensors only and keeps peak memory near what is in use.
/// It also makes glibc trim a heap whenever 128 KB at its end are free, so that every product of a linear of a few megabytes would fault
/// its pages in again: a third of a profile's time. Heaps keep ends of up to <see cref="LibTorch.HeapEnd"/> instead.
/// </remarks>
internal static partial class NativeAllocator
{
    private const int MapThresholdParameter = -3;
    private const int MapThreshold = 4 << 20;
    private const int TrimThresholdParameter = -1;

    /// <summary>Fixes the thresholds; does nothing where the C library is not glibc.</summary>
    public static void FixThresholds()
    {
        if (IsThere("mallopt"))
        {
            // A refusal leaves the default, which only costs memory or time.
            _ = SetOption(MapThresholdParameter, MapThreshold);
            _ = SetOption(TrimThresholdParameter, LibTorch.HeapEnd);
        }
    }

    /// <summary>Gives the system what freed tensors left in the heaps, in the middle of them too; does nothing where the C library is not glibc.</summary>
    public static void Trim()
    {
        if (IsThere("malloc_trim"))
        {
            _ = TrimHeaps(0);
        }
    }

    private static bool IsThere(string function)
        => OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, function, out _);

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int TrimHeaps(nuint pad);
}
