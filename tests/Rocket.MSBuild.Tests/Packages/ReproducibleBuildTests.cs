using System.IO.Compression;
using System.Text;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Packages;

/// <summary>Packages as a release makes them: from a clone, on a build server.</summary>
public sealed class ReproducibleBuildTests(PackedRocket rocket)
{
    private const string Remote = "https://github.com/example/rocket";

    [Fact]
    public void Two_clones_give_the_same_packages_with_a_version_from_the_tag_and_links_to_the_sources()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Builds two clones: set ROCKET_HEAVY=1.");
        using var folder = new TemporaryFolder();
        string[] clones = [folder.At("one"), folder.At("another folder", "two")];
        foreach (string clone in clones)
        {
            Git(folder.Path, "clone", "--quiet", SharedData.Repository(), clone);
            Git(clone, "remote", "set-url", "origin", Remote);
            Git(clone, "tag", "v3.2.1");
            DotNet.Run(clone, rocket.Cache, new Dictionary<string, string> { ["CI"] = "true" }, ["pack", "src/Rocket.Models", "-c", "Release", "-o", "packages"]).Succeed();
        }

        foreach (string name in (string[])["Rocket.Models.3.2.1.nupkg", "Rocket.Models.3.2.1.snupkg"])
        {
            byte[][] packages = [.. clones.Select(clone => File.ReadAllBytes(Path.Combine(clone, "packages", name)))];
            Assert.Equal(packages[0], packages[1]);
        }

        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(clones[0], "packages", "Rocket.Models.3.2.1.snupkg"));
        using var pdb = new MemoryStream();
        symbols.GetEntry("lib/net10.0/Rocket.Models.pdb")!.Open().CopyTo(pdb);
        Assert.Contains("https://raw.githubusercontent.com/example/rocket/", Encoding.UTF8.GetString(pdb.ToArray()), StringComparison.Ordinal);
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
