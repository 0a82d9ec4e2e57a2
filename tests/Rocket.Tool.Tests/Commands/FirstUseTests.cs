using Rocket.Compression.Native;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>The first use of the tool on a machine.</summary>
public sealed class FirstUseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Libtorch_comes_through_the_one_feed_of_the_configuration_once_and_the_second_use_is_offline()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Unpacks 500 MB: set ROCKET_HEAVY=1.");
        string id = LibTorch.PackageId!;
        string nupkg = $"{id}.{LibTorch.Version}.nupkg";
        Directory.CreateDirectory(_folder.At("feed"));
        File.CreateSymbolicLink(_folder.At("feed", nupkg), Path.Combine(LibTorch.DefaultPackagesFolder, id, LibTorch.Version, nupkg));
        _folder.Write("nuget.config", $"<configuration><packageSources><clear /><add key=\"our feed\" value=\"{_folder.At("feed")}\" /></packageSources></configuration>");
        Stories.WriteManifest(_folder, [30], samples: 2);
        var machine = new Dictionary<string, string> { ["NUGET_PACKAGES"] = _folder.At("packages") };

        ToolResult first = RocketTool.Run(_folder.Path, _folder.At("cache"), machine, ["build"]);

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains($"fetching {id} {LibTorch.Version} from 'our feed', once a machine", first.Error, StringComparison.Ordinal);
        Assert.Equal([id], Directory.GetDirectories(_folder.At("packages")).Select(folder => Path.GetFileName(folder)));

        Directory.Delete(_folder.At("feed"), recursive: true);
        ToolResult second = RocketTool.Run(_folder.Path, _folder.At("another cache"), machine, ["build", "--output", "again"]);
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.DoesNotContain("fetching", second.Error, StringComparison.Ordinal);
        Assert.Equal(FolderSnapshot.Of(_folder.At("out", Stories.Name, "r30")), FolderSnapshot.Of(_folder.At("again", Stories.Name, "r30")));
    }
}
