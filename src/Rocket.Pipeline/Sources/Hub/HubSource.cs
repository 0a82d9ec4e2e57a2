using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>Fetches models from the hub into its shared cache.</summary>
/// <param name="settings">How the hub is reached.</param>
/// <param name="retry">When a request is sent again.</param>
/// <param name="log">Told what is fetched.</param>
internal sealed class HubSource(HubSettings settings, HubRetry retry, Action<string> log)
{
    /// <summary>Brings a revision of a repository.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2352 to RKT2361.</exception>
    public async Task<FetchedModel> FetchAsync(ModelOrigin.HubRepository origin, CancellationToken cancellationToken)
    {
        var cache = new HubCache(settings.CacheFolder, origin.Name);
        if (settings.IsOffline)
        {
            string known = cache.TryReadRevision(origin.Revision) ?? throw SourceErrors.Offline($"\"{origin.Name}\" at \"{origin.Revision}\"");
            return FromSnapshot(cache, origin, known);
        }

        return await RunAsync(async () =>
        {
            using var client = new HubClient(settings, retry);
            (string commit, ImmutableArray<string> all) = await client.ListAsync(origin.Name, origin.Revision, cancellationToken).ConfigureAwait(false);
            HashSet<string> files = [.. all.Select(path => HubPath.Checked(origin.Name, path))];
            ImmutableArray<string> wanted = ModelFiles.Without(files);
            RequireModel(origin, wanted);
            var download = new HubDownload(client, retry, cache, log);
            foreach (string file in wanted)
            {
                await EnsureAsync(file).ConfigureAwait(false);
            }

            if (wanted.Contains(ModelFiles.Index))
            {
                ImmutableArray<string> shards = Shards(cache, origin, commit);
                foreach (string shard in shards)
                {
                    await EnsureAsync(files.Contains(shard) ? shard : throw SourceErrors.NoModel($"\"{origin.Name}\"", $"its index names \"{shard}\", which is not there")).ConfigureAwait(false);
                }

                wanted = [.. wanted, .. shards];
            }

            cache.WriteRevision(origin.Revision, commit);
            return new FetchedModel(cache.SnapshotOf(commit), commit, wanted);

            async Task EnsureAsync(string path)
            {
                if (!File.Exists(cache.FileOf(commit, path)))
                {
                    await download.EnsureAsync(await client.DescribeAsync(origin.Name, commit, path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                }
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Brings given files of a commit; asks nobody where all are there.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2352 to RKT2361.</exception>
    public Task<FetchedModel> FetchAsync(ModelOrigin.HubRepository origin, string commit, ImmutableArray<string> files, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        var cache = new HubCache(settings.CacheFolder, origin.Name);
        string[] missing = [.. files.Where(path => !File.Exists(cache.FileOf(commit, HubPath.Checked(origin.Name, path))))];
        if (missing.Length > 0)
        {
            if (settings.IsOffline)
            {
                throw SourceErrors.Offline($"\"{missing[0]}\" of \"{origin.Name}\" at {commit}");
            }

            using var client = new HubClient(settings, retry);
            var download = new HubDownload(client, retry, cache, log);
            foreach (string path in missing)
            {
                await download.EnsureAsync(await client.DescribeAsync(origin.Name, commit, path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
        }

        return new FetchedModel(cache.SnapshotOf(commit), commit, files);
    });

    private static void RequireModel(ModelOrigin.HubRepository origin, ImmutableArray<string> files)
    {
        string? missing = !files.Contains(ModelFiles.Config) ? "it has no config.json" : !files.Any(file => file.Contains(".safetensors", StringComparison.Ordinal)) ? "it has no safetensors" : null;
        if (missing is not null)
        {
            throw SourceErrors.NoModel($"\"{origin.Name}\" at \"{origin.Revision}\"", missing);
        }
    }

    private static ImmutableArray<string> Shards(HubCache cache, ModelOrigin.HubRepository origin, string commit)
    {
        try
        {
            return [.. ModelFiles.Shards(cache.FileOf(commit, ModelFiles.Index)).Select(shard => HubPath.Checked(origin.Name, shard))];
        }
        catch (JsonException exception)
        {
            throw SourceErrors.NoModel($"\"{origin.Name}\"", $"its {ModelFiles.Index} is damaged: {exception.Message}");
        }
    }

    private static FetchedModel FromSnapshot(HubCache cache, ModelOrigin.HubRepository origin, string commit)
    {
        string folder = cache.SnapshotOf(commit);
        HashSet<string> files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path))] : [];
        ImmutableArray<string> wanted = ModelFiles.Without(files);
        ImmutableArray<string> shards = wanted.Contains(ModelFiles.Index) ? Shards(cache, origin, commit) : [];
        return wanted.Contains(ModelFiles.Config) && wanted.Any(file => file.Contains(".safetensors", StringComparison.Ordinal)) && shards.All(files.Contains)
            ? new FetchedModel(folder, commit, [.. wanted, .. shards])
            : throw SourceErrors.Offline($"\"{origin.Name}\" at \"{origin.Revision}\"");
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.CacheUnwritable(settings.CacheFolder, exception);
        }
    }
}
