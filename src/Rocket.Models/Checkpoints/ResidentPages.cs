using System.Runtime.InteropServices;

namespace Rocket.Models.Checkpoints;

/// <summary>Tells the kernel that mapped pages are not needed for now. Only Linux counts them against a process until told.</summary>
internal static partial class ResidentPages
{
    private const int MadvDontNeed = 4;

    /// <summary>Drops the pages of a read-only file map that lie within some of its bytes.</summary>
    public static void DropWithin(nint address, long length)
    {
        long page = Environment.SystemPageSize;
        long begin = (address + page - 1) / page * page;
        Drop((nint)begin, ((address + length) / page * page) - begin);
    }

    /// <summary>Drops the pages of a read-only file map that begins at a page boundary.</summary>
    public static void Drop(nint address, long length)
    {
        if (OperatingSystem.IsLinux() && length > 0)
        {
            // Advice only: when it fails, the pages stay and nothing is wrong.
            _ = Advise(address, (nuint)length, MadvDontNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Advise(nint address, nuint length, int advice);
}
