using System.Collections.Immutable;
using System.IO.Compression;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Sources.Locking;

namespace Rocket.Pipeline.Tests.Sources;

public sealed class SourceRestoreTests : IDisposable
{
    private static readonly string Model = Path.Combine(SharedData.Repository(), "samples", "little-stories", "model");

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = new HubServer().With(Model);
    private readonly Store _store;

    public SourceRestoreTests()
    {
        _store = Store.Open(_folder.At("cache"), _ => { });
        _folder.Write("nuget.config", $"<configuration><config><add key=\"globalPackagesFolder\" value=\"{_folder.At("packages")}\" /></config><packageSources><clear /><add key=\"feed\" value=\"{_folder.At("feed")}\" /></packageSources></configuration>");
        Directory.CreateDirectory(_folder.At("feed"));
    }

    private string LockPath => _folder.At("rocket.lock.yaml");

    public void Dispose()
    {
        _store.Dispose();
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_source_is_pinned_with_its_files_and_then_needs_no_hub()
    {
        (RocketManifest manifest, ImmutableArray<RestoredSource> sources) = Restore("hf:someone/stories@main");

        Assert.True(Assert.Single(sources).IsNew);
        string text = File.ReadAllText(LockPath);
        Assert.Contains($"revision: '{_hub.Commit}'", text, StringComparison.Ordinal);
        Assert.Contains($"{{ path: 'model.safetensors', bytes: 2244256, sha256: {HubServer.ETagOf(_hub.Files["model.safetensors"], true)} }}", text, StringComparison.Ordinal);
        using (SourceModel model = SourceModel.Open(manifest.SourceFolderOf(manifest.Models[0]), _store, new FileDigestMemo(_store)))
        {
            Assert.Equal(5, model.Spec.Blocks.Length);
        }

        _hub.Fault = _ => throw new InvalidOperationException("Nobody may be asked.");
        int before = _hub.Requests.Count;
        Assert.False(Assert.Single(Restore("hf:someone/stories@main", LockMode.Locked).Sources).IsNew);
        Assert.False(Assert.Single(Restore("hf:someone/stories@main").Sources).IsNew);
        Assert.Equal(before, _hub.Requests.Count);
        Assert.Equal(text, File.ReadAllText(LockPath));
    }

    [Fact]
    public void A_pinned_commit_stays_when_the_branch_moves_until_it_is_updated()
    {
        Restore("hf:someone/stories@main");
        string first = _hub.Commit;
        _hub.Commit = new string('b', 40);
        Assert.Equal(first, Restore("hf:someone/stories@main").Sources[0].Revision);
        Assert.Equal(_hub.Commit, Restore("hf:someone/stories@main", LockMode.Update).Sources[0].Revision);
        Assert.Contains(_hub.Commit, File.ReadAllText(LockPath), StringComparison.Ordinal);
    }

    [Fact]
    public void On_another_machine_the_pinned_files_come_and_no_others()
    {
        Restore("hf:someone/stories@main");
        Directory.Delete(_folder.At("hub"), recursive: true);
        string first = _hub.Commit;
        Assert.Equal(first, Restore("hf:someone/stories@main", LockMode.Locked).Sources[0].Revision);
        Assert.DoesNotContain(_hub.Requests.Skip(_hub.Requests.Count / 2), request => request.Path.Contains("/api/", StringComparison.Ordinal));
    }

    [Fact]
    public void Locked_refuses_what_is_not_pinned_and_writes_nothing()
    {
        AssertRefused("RKT2373", () => Restore("hf:someone/stories@main", LockMode.Locked));
        Assert.False(File.Exists(LockPath));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_file_that_is_not_the_pinned_one_is_refused()
    {
        string folder = Restore("hf:someone/stories@main").Sources[0].Folder;
        string before = File.ReadAllText(LockPath);
        string config = Path.Combine(folder, "config.json");
        File.WriteAllText(new FileInfo(config).ResolveLinkTarget(true)!.FullName, File.ReadAllText(config) + "\n");

        foreach (LockMode mode in (LockMode[])[LockMode.Follow, LockMode.Locked])
        {
            Assert.Contains("\"config.json\"", AssertRefused("RKT2374", () => Restore("hf:someone/stories@main", mode)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllText(LockPath));
    }

    [Theory]
    [InlineData("version: 2\nsources: []\n", 1)]
    [InlineData("version: 1\nsources:\n  - source: x\n    revision: y\n    files:\n      - { path: a, bytes: 1, sha256: nothing }\n", 6)]
    [InlineData("version: 1\nsources: [\n", 3)]
    public void A_damaged_lock_file_is_an_error_on_its_line(string text, int line)
    {
        _folder.Write("rocket.lock.yaml", text);
        RocketException error = Assert.Throws<RocketException>(() => Restore("hf:someone/stories@main"));
        Assert.Equal("RKT2372", error.Code);
        Assert.Equal((LockPath, line), (error.Location!.File, error.Location.Line));
        Assert.Equal(text, File.ReadAllText(LockPath));
    }

    [Fact]
    public void What_the_manifest_no_longer_names_is_pinned_no_more()
    {
        Restore("hf:someone/stories@main");
        Restore("hf:someone/stories");
        Assert.DoesNotContain("@main", File.ReadAllText(LockPath), StringComparison.Ordinal);
        Restore("model");
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public void A_model_in_a_package_is_found_pinned_and_compared()
    {
        Pack("1.0.0", "rocket/little-stories/r30");
        RestoredSource source = Restore("nuget:Stories.Model@1.0.0").Sources[0];
        Assert.Equal("1.0.0", source.Revision);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Model, "model.safetensors")), File.ReadAllBytes(Path.Combine(source.Folder, "model.safetensors")));
        Directory.Delete(_folder.At("feed"), recursive: true);
        Assert.False(Restore("nuget:Stories.Model@1.0.0", LockMode.Locked).Sources[0].IsNew);

        File.AppendAllText(Path.Combine(source.Folder, "config.json"), " ");
        AssertRefused("RKT2374", () => Restore("nuget:Stories.Model@1.0.0"));
    }

    [Fact]
    public void A_package_with_several_models_asks_which()
    {
        Pack("2.0.0", "a", "b/c");
        Assert.Contains("nuget:Stories.Model@2.0.0#b/c", AssertRefused("RKT2360", () => Restore("nuget:Stories.Model@2.0.0")).Message, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("b", "c"), Restore("nuget:Stories.Model@2.0.0#b/c").Sources[0].Folder, StringComparison.Ordinal);
        AssertRefused("RKT2359", () => Restore("nuget:Stories.Model@2.0.0#nowhere"));
        AssertRefused("RKT2301", () => Restore("nuget:Stories.Model@3.0.0"));
    }

    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:a/b/c")]
    [InlineData("hf:../x@main")]
    [InlineData("hf:a/b@../../x")]
    [InlineData("nuget:Id")]
    [InlineData("nuget:Id@latest")]
    public void A_source_of_another_form_is_refused(string source) => AssertRefused("RKT2351", () => Restore(source));

    private (RocketManifest Manifest, ImmutableArray<RestoredSource> Sources) Restore(string source, LockMode mode = LockMode.Follow)
    {
        string path = _folder.Write("rocket.yaml", $"version: 1\nmodels:\n  - name: stories\n    source: \"{source}\"\n    calibration: {{ corpus: \"*.txt\" }}\n    budgets: [ {{ name: r30, remove: 30% }} ]\n");
        var environment = new Dictionary<string, string> { ["HF_ENDPOINT"] = _hub.Address, ["HF_HUB_CACHE"] = _folder.At("hub"), ["HF_HOME"] = _folder.At("home") };
        return SourceRestore.Run(ManifestReader.Read(path), _store, mode, isWhole: true, name => environment.GetValueOrDefault(name), TimeSpan.Zero, _ => { }, TestContext.Current.CancellationToken);
    }

    private RocketException AssertRefused(string code, Func<object> work)
    {
        RocketException error = Assert.Throws<RocketException>(() => { work(); });
        Assert.Equal(code, error.Code);
        Assert.Equal((_folder.At("rocket.yaml"), 4), (error.Location!.File, error.Location.Line));
        return error;
    }

    private void Pack(string version, params string[] folders)
    {
        using ZipArchive zip = ZipFile.Open(_folder.At("feed", $"Stories.Model.{version}.nupkg"), ZipArchiveMode.Create);
        using (StreamWriter nuspec = new(zip.CreateEntry("Stories.Model.nuspec").Open()))
        {
            nuspec.Write($"<package><metadata><id>Stories.Model</id><version>{version}</version><authors>tests</authors><description>A model.</description></metadata></package>");
        }

        foreach (string folder in folders)
        {
            foreach (string file in Directory.GetFiles(Model))
            {
                zip.CreateEntryFromFile(file, $"{folder}/{Path.GetFileName(file)}");
            }
        }
    }
}
