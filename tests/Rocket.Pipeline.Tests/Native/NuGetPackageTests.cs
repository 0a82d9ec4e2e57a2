using NuGet.Configuration;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Native;

namespace Rocket.Pipeline.Tests.Native;

public sealed class NuGetPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PackageFeed _feed;
    private readonly List<string> _log = [];

    public NuGetPackageTests() => _feed = new PackageFeed(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_package_is_fetched_once_and_found_without_a_source_afterwards()
    {
        _feed.AddPackage("feed");
        NuGetPackage package = Package(_feed.Settings("feed"));
        Assert.Null(package.FindPackagesFolder());

        Assert.Equal(_feed.Packages, await package.FetchAsync(_log.Add, TestContext.Current.CancellationToken));

        Assert.Equal("fetching rocket.test.native 1.2.3 from 'feed', once a machine", _log[0]);
        Assert.True(File.Exists(_folder.At("packages", PackageFeed.Id, PackageFeed.Version, "runtimes", "any", "native", "library.so")));
        Assert.True(File.Exists(_folder.At("packages", PackageFeed.Id, PackageFeed.Version, ".nupkg.metadata")));
        Assert.Equal(_feed.Packages, Package(_feed.Settings()).FindPackagesFolder());
    }

    [Fact]
    public async Task A_package_in_a_fallback_folder_is_found_there()
    {
        _feed.AddPackage("feed");
        await Package(_feed.Settings("feed")).FetchAsync(_log.Add, TestContext.Current.CancellationToken);
        Directory.Move(_feed.Packages, _folder.At("fallback"));

        ISettings settings = _feed.SettingsWith($"<fallbackPackageFolders><add key=\"f\" value=\"{_folder.At("fallback")}\" /></fallbackPackageFolders>");

        Assert.Equal(_folder.At("fallback"), Package(settings).FindPackagesFolder());
    }

    [Fact]
    public async Task The_sources_are_asked_in_their_order_and_one_that_fails_does_not_hide_the_next()
    {
        _feed.Feed("empty");
        _feed.AddPackage("full");

        await Package(_feed.Settings("gone", "empty", "full")).FetchAsync(_log.Add, TestContext.Current.CancellationToken);

        Assert.Contains("'full'", _log[0]);
    }

    [Fact]
    public async Task A_package_that_no_source_has_is_an_error_that_names_the_sources()
    {
        _feed.Feed("one");
        _feed.Feed("two");

        RocketException error = await Fails(_feed.Settings("one", "two"));

        Assert.Equal("RKT2301", error.Code);
        Assert.Contains("'rocket.test.native 1.2.3' is in none of the sources 'one', 'two'", error.Message);
        Assert.False(Directory.Exists(_folder.At("packages", PackageFeed.Id)));
    }

    [Fact]
    public async Task No_source_at_all_is_an_error_too()
    {
        RocketException error = await Fails(_feed.Settings());

        Assert.Equal("RKT2301", error.Code);
        Assert.Contains("no enabled package source", error.Message);
    }

    [Fact]
    public async Task A_disabled_source_and_one_that_the_mapping_excludes_are_not_asked()
    {
        _feed.AddPackage("disabled");
        _feed.AddPackage("elsewhere");
        ISettings settings = _feed.SettingsWith(
            """
            <disabledPackageSources><add key="disabled" value="true" /></disabledPackageSources>
            <packageSourceMapping>
              <packageSource key="disabled"><package pattern="*" /></packageSource>
              <packageSource key="elsewhere"><package pattern="other.*" /></packageSource>
            </packageSourceMapping>
            """,
            "disabled",
            "elsewhere");

        Assert.Equal("RKT2301", (await Fails(settings)).Code);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_named_when_no_other_has_the_package()
    {
        _feed.Feed("empty");

        RocketException error = await Fails(_feed.Settings("gone", "empty"));

        Assert.Equal("RKT2302", error.Code);
        Assert.Contains("source 'gone' failed", error.Message);
    }

    [Fact]
    public async Task A_package_whose_directory_is_cut_off_is_a_failure_of_its_source()
    {
        Damage(_feed.AddPackage("feed"), bytes => bytes[..^40]);

        RocketException error = await Fails(_feed.Settings("feed"));

        Assert.Equal("RKT2302", error.Code);
        Assert.Contains("source 'feed' failed", error.Message);
    }

    [Fact]
    public async Task A_package_with_damaged_content_leaves_nothing_that_would_be_found()
    {
        Damage(_feed.AddPackage("feed"), bytes =>
        {
            // Behind the second local header and its name lies the native file's content.
            int name = bytes.AsSpan().IndexOf("runtimes/any"u8);
            bytes.AsSpan(name + "runtimes/any/native/library.so".Length, 12).Fill(0xff);
            return bytes;
        });
        ISettings settings = _feed.Settings("feed");

        RocketException error = await Fails(settings);

        Assert.Equal("RKT2303", error.Code);
        Assert.Null(Package(settings).FindPackagesFolder());
    }

    [Fact]
    public async Task A_packages_folder_that_cannot_be_written_is_an_error()
    {
        _feed.AddPackage("feed");
        _folder.Write("packages", "a file");

        Assert.Equal("RKT2303", (await Fails(_feed.Settings("feed"))).Code);
    }

    [Fact]
    public async Task I_can_cancel_a_transfer()
    {
        _feed.AddPackage("feed");
        ISettings settings = _feed.Settings("feed");
        using CancellationTokenSource source = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Package(settings).FetchAsync(_ => source.Cancel(), source.Token));

        Assert.Null(Package(settings).FindPackagesFolder());
        Assert.Equal(_feed.Packages, await Package(settings).FetchAsync(_log.Add, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_transfers_at_once_leave_one_whole_package()
    {
        _feed.AddPackage("feed");
        ISettings settings = _feed.Settings("feed");
        static void Ignore(string line)
        {
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Package(settings).FetchAsync(Ignore, TestContext.Current.CancellationToken)));

        Assert.Equal(_feed.Packages, Package(settings).FindPackagesFolder());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_feed_over_http_gives_it_to_whom_the_users_configuration_names(int cuts)
    {
        using var server = new PackageServer(_feed.AddPackage("folder"), cuts);
        Assert.Equal(_feed.Packages, await Package(_feed.SettingsOf(server, PackageServer.Password)).FetchAsync(_log.Add, TestContext.Current.CancellationToken));

        Assert.Equal("not really a library", File.ReadAllText(_folder.At("packages", PackageFeed.Id, PackageFeed.Version, "runtimes", "any", "native", "library.so")));
        Assert.True(server.Refused > 0, "The feed never asked who it is.");
    }

    [Fact]
    public async Task A_feed_that_refuses_the_password_is_told()
    {
        using var server = new PackageServer(_feed.AddPackage("folder"));
        RocketException error = await Fails(_feed.SettingsOf(server, "wrong"));
        Assert.Equal("RKT2302", error.Code);
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("packages", PackageFeed.Id)));
    }

    [Fact]
    public void A_malformed_configuration_is_an_error()
    {
        _folder.Write("nuget.config", "<configuration><packageSources>");

        RocketException error = Assert.Throws<RocketException>(() => LibTorchRuntime.LoadSettings(_folder.Path));

        Assert.Equal("RKT2304", error.Code);
        Assert.Contains("nuget.config", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static void Damage(string file, Func<byte[], byte[]> change) => File.WriteAllBytes(file, change(File.ReadAllBytes(file)));

    private NuGetPackage Package(ISettings settings) => new(PackageFeed.Id, PackageFeed.Version, settings, _feed.Packages);

    private Task<RocketException> Fails(ISettings settings) =>
        Assert.ThrowsAsync<RocketException>(() => Package(settings).FetchAsync(_log.Add, TestContext.Current.CancellationToken));
}
