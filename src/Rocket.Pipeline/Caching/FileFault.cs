namespace Rocket.Pipeline.Caching;

/// <summary>Tells from an exception why the operating system refused a file.</summary>
/// <remarks>.NET puts the system's error number, unchanged, into <see cref="Exception.HResult"/> for those it has no own type for.</remarks>
internal static class FileFault
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    /// <summary>Linux EAGAIN and macOS EAGAIN, and Windows' own.</summary>
    public static bool IsSharingViolation(Exception exception) => exception.HResult is 11 or 35 or WindowsSharingViolation or WindowsLockViolation;

    /// <summary>ENOSPC, Linux and macOS EDQUOT, and Windows' own.</summary>
    public static bool IsDiskFull(Exception exception) => exception.HResult is 28 or 122 or 69 or WindowsHandleDiskFull or WindowsDiskFull;

    /// <summary>EROFS, and Windows' own.</summary>
    public static bool IsReadOnly(Exception exception) =>
        exception.HResult is 30 or WindowsWriteProtected || exception.InnerException is { } inner && IsReadOnly(inner);
}
