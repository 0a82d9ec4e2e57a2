using System.Runtime.InteropServices;

namespace Rocket.Inference.Tests.Kernels;

/// <summary>Bytes whose end is the end of a page, with a page behind it that must not be touched; elsewhere than on Linux and macOS ordinary memory.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymousLinux = 0x22;
    private const int PrivateAnonymousMac = 0x1002;

    private readonly nint _map;
    private readonly nuint _mapped;

    public GuardedMemory(ReadOnlySpan<byte> content)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint pages = (((nuint)content.Length + page - 1) / page) + 1;
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _mapped = pages * page;
            _map = Map(0, _mapped, ReadWrite, OperatingSystem.IsLinux() ? PrivateAnonymousLinux : PrivateAnonymousMac, -1, 0);
            Assert.NotEqual(-1, _map);
            Start = _map + (nint)(_mapped - page) - content.Length;
            content.CopyTo(new Span<byte>((void*)Start, content.Length));
            Assert.Equal(0, Protect(_map + (nint)(_mapped - page), page, NoAccess));
        }
        else
        {
            _map = Start = (nint)NativeMemory.Alloc((nuint)content.Length + 1);
            content.CopyTo(new Span<byte>((void*)Start, content.Length));
        }
    }

    /// <summary>Address of the first byte.</summary>
    public nint Start { get; }

    public static GuardedMemory Of<T>(ReadOnlySpan<T> content)
        where T : unmanaged => new(MemoryMarshal.AsBytes(content));

    public void Dispose()
    {
        if (_mapped > 0)
        {
            _ = Unmap(_map, _mapped);
        }
        else
        {
            NativeMemory.Free((void*)_map);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Unmap(nint address, nuint length);
}
