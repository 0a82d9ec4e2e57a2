using System.IO.Compression;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Packages;

/// <summary>What is in the package.</summary>
public sealed class PackageFilesTests(PackedRocket rocket)
{
    private const long Limit = 20_000_000;

    [Fact]
    public void The_package_holds_the_files_of_the_snapshot_and_is_small()
    {
        using ZipArchive package = ZipFile.OpenRead(rocket.Package);
        string found = string.Concat(package.Entries
            .Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith("_rels/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)
            .Select(name => name + "\n"));
        string snapshot = Path.Combine(SharedData.Repository(), "tests", "Rocket.MSBuild.Tests", "Packages", "Rocket.MSBuild.files.txt");
        if (Environment.GetEnvironmentVariable("ROCKET_ACCEPT_API") == "1")
        {
            File.WriteAllText(snapshot, found);
        }

        Assert.Equal(File.ReadAllText(snapshot).ReplaceLineEndings("\n"), found);
        Assert.InRange(new FileInfo(rocket.Package).Length, 1, Limit);
    }
}
