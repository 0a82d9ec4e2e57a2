using System.Runtime.InteropServices;

namespace Rocket.Pipeline.Artifacts;

/// <summary>Puts a folder in the place of another in one step, where the system can.</summary>
internal static partial class FolderExchange
{
    private const int CurrentFolder = -100;
    private const uint ExchangeNames = 2;

    /// <summary>Exchanges the names of two folders: at no moment is there none of them.</summary>
    /// <returns>False where the system or the file system cannot; nothing is changed then.</returns>
    public static bool TryExchange(string first, string second)
        => OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out nint library)
            && NativeLibrary.TryGetExport(library, "renameat2", out _)
            && Rename(CurrentFolder, first, CurrentFolder, second, ExchangeNames) == 0;

    [LibraryImport("libc.so.6", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Rename(int firstFolder, string first, int secondFolder, string second, uint flags);
}
