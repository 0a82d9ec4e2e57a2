using System.IO.Compression;
using System.Xml.Linq;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Packages;

/// <summary>What is in the packages, and what they say of themselves.</summary>
public sealed class PackageFilesTests(PackedRocket rocket)
{
    private const long Limit = 20_000_000;

    public static TheoryData<string> All => [.. PackedRocket.PackageIds];

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_holds_the_files_of_its_snapshot_and_is_small(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(rocket.PathOf(id));
        string found = string.Concat(package.Entries
            .Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith("_rels/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)
            .Select(name => name + "\n"));
        string snapshot = Path.Combine(SharedData.Repository(), "tests", "Rocket.MSBuild.Tests", "Packages", $"{id}.files.txt");
        if (Environment.GetEnvironmentVariable("ROCKET_ACCEPT_API") == "1")
        {
            File.WriteAllText(snapshot, found);
        }

        Assert.Equal(File.ReadAllText(snapshot).ReplaceLineEndings("\n"), found);
        Assert.InRange(new FileInfo(rocket.PathOf(id)).Length, 1, Limit);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_tells_its_licence_and_commit_and_shows_a_readme_and_an_icon(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(rocket.PathOf(id));
        XElement metadata = XDocument.Load(package.GetEntry($"{id}.nuspec")!.Open()).Root!.Elements().Single();
        Assert.Equal(PackedRocket.Version, Value("version"));
        Assert.Equal("Apache-2.0", Value("license"));
        Assert.Equal("expression", Element("license").Attribute("type")!.Value);
        Assert.Matches("^[0-9a-f]{40}$", Element("repository").Attribute("commit")!.Value);
        Assert.NotEqual("Package Description", Value("description"));
        Assert.All((string[])["readme", "icon"], name => Assert.NotNull(package.GetEntry(Value(name))));
        Assert.All(metadata.Descendants().Where(element => element.Name.LocalName == "dependency" && element.Attribute("id")!.Value.StartsWith("Rocket.", StringComparison.Ordinal)), element
            => Assert.Equal(PackedRocket.Version, element.Attribute("version")!.Value));

        XElement Element(string name) => metadata.Elements().Single(element => element.Name.LocalName == name);
        string Value(string name) => Element(name).Value;
    }

    [Theory]
    [InlineData("Rocket.Compression")]
    [InlineData("Rocket.Inference")]
    [InlineData("Rocket.Models")]
    public void A_library_has_a_package_of_symbols(string id)
    {
        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(rocket.PathOf(id), ".snupkg"));
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{id}.pdb"));
    }

    [Fact]
    public void Packed_again_every_package_is_the_same_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        rocket.Pack(folder.At("again"), PackedRocket.PackageIds);
        Assert.All(PackedRocket.PackageIds, id => Assert.Equal(File.ReadAllBytes(rocket.PathOf(id)), File.ReadAllBytes(folder.At("again", Path.GetFileName(rocket.PathOf(id))))));
    }
}
