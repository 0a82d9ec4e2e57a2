using System.Security.Cryptography;

namespace Rocket.Tool.Tests.Execution;

/// <summary>The files of a folder: relative paths and digests, and the times when asked for.</summary>
internal static class FolderSnapshot
{
    /// <summary>A line a file.</summary>
    public static string[] Of(string folder) => [.. Files(folder).Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}")];

    /// <summary>A line a file, with its time of writing.</summary>
    public static string[] WithTimes(string folder) => [.. Of(folder).Zip(Files(folder), (line, file) => $"{line} {File.GetLastWriteTimeUtc(file):O}")];

    private static string[] Files(string folder)
        => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
