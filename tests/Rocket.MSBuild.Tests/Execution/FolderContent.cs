using System.Security.Cryptography;

namespace Rocket.MSBuild.Tests.Execution;

/// <summary>The files of a folder: relative paths and digests.</summary>
internal static class FolderContent
{
    public static string[] Of(string folder)
        => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}")
            .Order(StringComparer.Ordinal)];
}
