using System.Diagnostics;
using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Sources.Hub;

namespace Rocket.Pipeline.Tests.Sources.Hub;

/// <summary>The hub as networks really bring it: broken, slow, wrong, hostile. What comes is right or a coded error, never half of a file.</summary>
public sealed class HubSourceTests : IDisposable
{
    private const string Weights = "model.safetensors";

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = new HubServer().With(Path.Combine(SharedData.Repository(), "samples", "little-stories", "model"));
    private readonly List<string> _log = [];

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_comes_whole_into_the_cache_that_the_hubs_clients_share()
    {
        FetchedModel model = await FetchAsync();

        AssertWhole(model);
        string repository = _folder.At("hub", "models--someone--stories");
        Assert.Equal(_hub.Commit, File.ReadAllText(Path.Combine(repository, "refs", "main")));
        Assert.Equal(Path.Combine(repository, "snapshots", _hub.Commit), model.Folder);
        Assert.Equal(_hub.Files.Values.Select(content => HubServer.ETagOf(content, content.Length >= _hub.LargeFile)).Order(), Directory.GetFiles(Path.Combine(repository, "blobs")).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal($"../../blobs/{HubServer.ETagOf(_hub.Files[Weights], true)}", new FileInfo(Path.Combine(model.Folder, Weights)).LinkTarget);
        Assert.Empty(Directory.GetFiles(_folder.At("hub"), "*.lock", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_in_the_cache_is_not_fetched_again_and_serves_offline()
    {
        await FetchAsync();
        int before = _hub.Requests.Count;

        await FetchAsync();
        Assert.Single(_hub.Requests.Skip(before));

        _hub.Fault = _ => throw new InvalidOperationException("Nobody may be asked.");
        AssertWhole(await FetchAsync(Settings() with { IsOffline = true }));
    }

    [Fact]
    public async Task A_cut_connection_is_continued_where_it_ended()
    {
        int cuts = 0;
        _hub.Fault = request => request.IsStore && request.Path.EndsWith(HubServer.ETagOf(_hub.Files[Weights], true), StringComparison.Ordinal) && cuts++ < 2 ? new HubFault { CutAfter = 700_000 } : null;

        AssertWhole(await FetchAsync());

        HubRequest[] transfers = [.. _hub.Requests.Where(request => request.Path.EndsWith(HubServer.ETagOf(_hub.Files[Weights], true), StringComparison.Ordinal))];
        Assert.Equal([null, 700_000, 1_400_000], transfers.Select(request => request.RangeStart));
        Assert.Equal(_hub.Files[Weights].Length, transfers.Sum(request => request.Sent));
    }

    [Fact]
    public async Task A_command_that_was_given_up_is_continued_by_the_next_one()
    {
        _hub.Fault = request => request.IsStore ? new HubFault { CutAfter = 500_000 } : null;
        RocketException error = await FailsAsync(attempts: 1);
        Assert.Equal("RKT2354", error.Code);
        Assert.False(File.Exists(_folder.At("hub", "models--someone--stories", "snapshots", _hub.Commit, Weights)));

        _hub.Fault = _ => null;
        AssertWhole(await FetchAsync());
        Assert.Equal([null, 500_000, 1_000_000], _hub.Requests.Where(request => request.IsStore).Select(request => request.RangeStart));
        Assert.Equal(_hub.Files[Weights].Length, _hub.BytesFromStore());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_does_not_continue_is_asked_for_everything(bool refuses)
    {
        bool isFirst = true;
        _hub.Fault = request => !request.IsStore ? null
            : isFirst && !(isFirst = false) ? new HubFault { CutAfter = 500_000 }
            : request.RangeStart is null ? null
            : refuses ? new HubFault { Status = 416 }
            : new HubFault { Status = 200, Body = _hub.Files[Weights] };
        AssertWhole(await FetchAsync());
    }

    [Fact]
    public async Task A_file_that_ends_too_early_every_time_is_an_error()
    {
        _hub.Fault = request => request.IsStore ? new HubFault { Change = content => request.RangeStart is null ? content[..1000] : [] } : null;
        RocketException error = await FailsAsync();
        Assert.Equal("RKT2354", error.Code);
        Assert.Contains("1000 of 2244256 bytes", error.Message, StringComparison.Ordinal);
        AssertNoWeights();
    }

    [Fact]
    public async Task A_file_that_does_not_end_is_an_error()
    {
        _hub.Fault = request => request.IsStore ? new HubFault { Change = content => [.. content, 1] } : null;
        Assert.Equal("RKT2356", (await FailsAsync()).Code);
        AssertNoWeights();
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public async Task A_file_that_came_damaged_is_an_error_and_is_not_kept(string name)
    {
        _hub.Fault = request => request.Method == "GET" && (request.Path.EndsWith(name, StringComparison.Ordinal) || (name == Weights && request.IsStore)) ? new HubFault { Change = content => { byte[] copy = [.. content]; copy[^1] ^= 1; return copy; } } : null;
        RocketException error = await FailsAsync();
        Assert.Equal("RKT2356", error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        AssertNoWeights();

        _hub.Fault = _ => null;
        AssertWhole(await FetchAsync());
    }

    [Fact]
    public async Task Redirects_are_followed_and_endless_ones_refused()
    {
        _hub.Fault = request => request.IsStore && !request.Path.EndsWith('x') ? new HubFault { Status = 307, Headers = { ["Location"] = $"{request.Path}x" } } : request.IsStore ? new HubFault { Status = 200, Body = _hub.Files[Weights] } : null;
        AssertWhole(await FetchAsync());
    }

    [Theory]
    [InlineData("?again", "leads elsewhere more than")]
    [InlineData("ftp://example.org/file", "from http to ftp")]
    public async Task Redirects_that_lead_nowhere_are_an_error(string target, string reason)
    {
        _hub.Fault = request => request.IsStore ? new HubFault { Status = 302, Headers = { ["Location"] = target } } : null;
        RocketException error = await FailsAsync();
        Assert.Equal("RKT2355", error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_was_renamed_is_found()
    {
        _hub.Fault = request => !request.IsStore && !request.Path.Contains("moved", StringComparison.Ordinal) && request.Path.EndsWith("config.json", StringComparison.Ordinal) && request.Method == "HEAD"
            ? new HubFault { Status = 307, Headers = { ["Location"] = "/moved" + request.Path } }
            : request.Path.StartsWith("/moved", StringComparison.Ordinal) ? new HubFault { Status = 200, Headers = { ["ETag"] = $"\"{HubServer.ETagOf(Named(request), false)}\"", ["Content-Length"] = $"{Named(request).Length}" } } : null;
        AssertWhole(await FetchAsync());

        byte[] Named(HubRequest request) => _hub.Files[Path.GetFileName(request.Path)];
    }

    [Fact]
    public async Task A_private_model_needs_a_token_which_no_other_host_is_told()
    {
        _hub.Token = "secret";
        RocketException error = await FailsAsync();
        Assert.Equal("RKT2353", error.Code);
        Assert.Contains("Set HF_TOKEN", error.Message, StringComparison.Ordinal);

        AssertWhole(await FetchAsync(Settings() with { Token = "secret" }));
        Assert.All(_hub.Requests.Where(request => request.IsStore), request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task What_the_hub_does_not_have_is_an_error()
    {
        RocketException error = await Assert.ThrowsAsync<RocketException>(() => Source().FetchAsync(new ModelOrigin.HubRepository("someone/else", "main"), TestContext.Current.CancellationToken));
        Assert.Equal("RKT2352", error.Code);
        Assert.Contains("someone/else", error.Message, StringComparison.Ordinal);
        _hub.Files.TryRemove(Weights, out _);
        Assert.Equal("RKT2359", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again_when_it_says()
    {
        int asked = 0;
        _hub.Fault = request => asked++ == 0 ? new HubFault { Status = 429, Headers = { ["Retry-After"] = "1" } } : asked == 2 ? new HubFault { Status = 503 } : null;
        var watch = Stopwatch.StartNew();
        AssertWhole(await FetchAsync());
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.9), $"It waited {watch.Elapsed}.");
        Assert.Contains(_log, line => line.Contains("HTTP 429; trying again in 1 s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../../evil.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../evil")]
    [InlineData("..\\evil")]
    [InlineData("C:evil")]
    [InlineData("")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        _hub.FurtherNames.Add(name);
        Assert.Equal("RKT2357", (await FailsAsync()).Code);
        Assert.False(Directory.Exists(_folder.At("hub")));
    }

    [Fact]
    public async Task An_index_cannot_lead_out_of_the_folder_and_an_etag_cannot_either()
    {
        _hub.Files[ModelFiles.Index] = Encoding.UTF8.GetBytes("""{"weight_map":{"a":"../../../evil.safetensors"}}""");
        Assert.Equal("RKT2357", (await FailsAsync()).Code);

        _hub.Fault = request => request.Method == "HEAD" ? new HubFault { Headers = { ["ETag"] = "\"../../evil\"", ["X-Linked-Etag"] = "\"../../evil\"" } } : null;
        File.Delete(_folder.At("hub", "models--someone--stories", "snapshots", _hub.Commit, "config.json"));
        Assert.Equal("RKT2355", (await FailsAsync()).Code);
        Assert.Empty(Directory.GetFiles(_folder.Path, "evil*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Shards_come_with_their_index()
    {
        byte[] weights = _hub.Files[Weights];
        _hub.Files["model-00001-of-00001.safetensors"] = weights;
        _hub.Files[ModelFiles.Index] = Encoding.UTF8.GetBytes("""{"weight_map":{"a":"model-00001-of-00001.safetensors","b":"model-00001-of-00001.safetensors"}}""");
        _hub.Files.TryRemove(Weights, out _);
        FetchedModel model = await FetchAsync();
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(model.Folder, "model-00001-of-00001.safetensors")));
    }

    [Theory]
    [InlineData("<html>Please log in</html>")]
    [InlineData("""{"sha":"../../x","siblings":[]}""")]
    [InlineData("[]")]
    public async Task A_page_that_answers_in_the_hubs_place_is_an_error(string body)
    {
        _hub.Fault = _ => new HubFault { Status = 200, Body = Encoding.UTF8.GetBytes(body) };
        Assert.Equal("RKT2355", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_is_an_error_and_a_cache_that_cannot_be_written_another()
    {
        Assert.Equal("RKT2354", (await FailsAsync(Settings() with { Endpoint = new Uri("http://127.0.0.1:1") })).Code);
        _folder.Write("file", "no folder");
        Assert.Equal("RKT2361", (await FailsAsync(Settings() with { CacheFolder = _folder.At("file", "hub") })).Code);
        Assert.Equal("RKT2358", (await FailsAsync(Settings() with { IsOffline = true })).Code);
    }

    [Fact]
    public async Task Several_at_once_fetch_every_file_once()
    {
        FetchedModel[] models = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FetchAsync())));
        Assert.All(models, AssertWhole);
        Assert.Equal(_hub.Files.Values.Where(content => content.Length >= _hub.LargeFile).Sum(content => content.Length), _hub.BytesFromStore());
    }

    private HubSettings Settings() => new() { Endpoint = new Uri(_hub.Address), CacheFolder = _folder.At("hub") };

    private HubSource Source(HubSettings? settings = null, int attempts = 3) => new(settings ?? Settings(), new HubRetry(attempts, TimeSpan.FromMilliseconds(1), Log), Log);

    private void Log(string line)
    {
        lock (_log)
        {
            _log.Add(line);
        }
    }

    private Task<FetchedModel> FetchAsync(HubSettings? settings = null, int attempts = 3)
        => Source(settings, attempts).FetchAsync(new ModelOrigin.HubRepository(HubServer.Repository, "main"), TestContext.Current.CancellationToken);

    private Task<RocketException> FailsAsync(HubSettings? settings = null, int attempts = 3) => Assert.ThrowsAsync<RocketException>(() => FetchAsync(settings, attempts));

    private void AssertWhole(FetchedModel model)
    {
        Assert.Equal(_hub.Commit, model.Revision);
        Assert.Equal(_hub.Files.Keys.Order(StringComparer.Ordinal), model.Files.Order(StringComparer.Ordinal));
        Assert.All(model.Files, file => Assert.Equal(_hub.Files[file], File.ReadAllBytes(Path.Combine(model.Folder, file))));
    }

    private void AssertNoWeights()
    {
        string snapshot = _folder.At("hub", "models--someone--stories", "snapshots", _hub.Commit);
        Assert.False(File.Exists(Path.Combine(snapshot, Weights)));
        Assert.All(Directory.GetFiles(_folder.At("hub", "models--someone--stories", "blobs")).Where(blob => !blob.EndsWith(".incomplete", StringComparison.Ordinal)), blob
            => Assert.Contains(_hub.Files.Values, content => content.AsSpan().SequenceEqual(File.ReadAllBytes(blob))));
    }
}
