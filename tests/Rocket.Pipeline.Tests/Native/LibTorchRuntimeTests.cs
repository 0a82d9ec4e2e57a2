using Rocket.Compression.Native;
using Rocket.Pipeline.Native;

namespace Rocket.Pipeline.Tests.Native;

public sealed class LibTorchRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Libtorch_comes_from_a_source_once_and_from_the_packages_folder_afterwards()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Unpacks 500 MB: set ROCKET_HEAVY=1.");
        string id = LibTorch.PackageId!;
        string feed = Directory.CreateDirectory(_folder.At("feed")).FullName;
        string nupkg = $"{id}.{LibTorch.Version}.nupkg";
        File.CreateSymbolicLink(Path.Combine(feed, nupkg), Path.Combine(LibTorch.DefaultPackagesFolder, id, LibTorch.Version, nupkg));
        PackageFeed packages = new(_folder);
        List<string> log = [];

        string folder = LibTorchRuntime.EnsurePackage(packages.Settings("feed"), packages.Packages, log.Add, TestContext.Current.CancellationToken);

        Assert.Equal(packages.Packages, folder);
        Assert.True(LibTorch.IsIn(LibTorch.FolderIn(folder)));
        Assert.Contains("MB", log[^1]);
        Assert.Equal(folder, LibTorchRuntime.EnsurePackage(packages.Settings(), packages.Packages, _ => Assert.Fail("It is there."), TestContext.Current.CancellationToken));
    }
}
