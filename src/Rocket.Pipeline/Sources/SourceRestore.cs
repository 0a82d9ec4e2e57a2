using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Native;
using Rocket.Pipeline.Sources.Hub;
using Rocket.Pipeline.Sources.Locking;

namespace Rocket.Pipeline.Sources;

/// <summary>Brings the sources of a manifest to this machine and pins them in its lock file.</summary>
public sealed class SourceRestore
{
    private const int Attempts = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly RocketManifest _manifest;
    private readonly FileDigestMemo _memo;
    private readonly LockMode _mode;
    private readonly Lazy<HubSource> _hub;
    private readonly Lazy<NuGetModelSource> _packages;
    private readonly string _lockPath;

    private SourceRestore(RocketManifest manifest, Store store, LockMode mode, Func<string, string?> variable, TimeSpan firstDelay, Action<string> log)
    {
        (_manifest, _memo, _mode, _lockPath) = (manifest, new FileDigestMemo(store), mode, LockFile.PathOf(manifest.Path));
        _hub = new(() => new HubSource(HubSettings.Read(variable), new HubRetry(Attempts, firstDelay, log), log));
        _packages = new(() => new NuGetModelSource(LibTorchRuntime.LoadSettings(manifest.Folder), log));
    }

    /// <summary>Brings what is missing, compares everything with the lock file, and pins what is new.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="store">Remembers digests of files.</param>
    /// <param name="mode">What may be done with the lock file.</param>
    /// <param name="isWhole">Whether the manifest has all its models: sources that it does not name are then pinned no more.</param>
    /// <param name="log">Told what is fetched.</param>
    /// <param name="cancellationToken">Cancels transfers.</param>
    /// <returns>The manifest with the folders of its sources, and what was brought.</returns>
    /// <exception cref="RocketException">RKT23xx, at the source's line.</exception>
    public static (RocketManifest Manifest, ImmutableArray<RestoredSource> Sources) Run(
        RocketManifest manifest, Store store, LockMode mode, bool isWhole, Action<string> log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(log);
        return Run(manifest, store, mode, isWhole, Environment.GetEnvironmentVariable, FirstDelay, log, cancellationToken);
    }

    /// <summary>The same in an environment of one's own.</summary>
    internal static (RocketManifest Manifest, ImmutableArray<RestoredSource> Sources) Run(
        RocketManifest manifest, Store store, LockMode mode, bool isWhole, Func<string, string?> variable, TimeSpan firstDelay, Action<string> log, CancellationToken cancellationToken)
        => new SourceRestore(manifest, store, mode, variable, firstDelay, log).RunAsync(isWhole, cancellationToken).GetAwaiter().GetResult();

    private async Task<(RocketManifest Manifest, ImmutableArray<RestoredSource> Sources)> RunAsync(bool isWhole, CancellationToken cancellationToken)
    {
        if (!isWhole && !_manifest.Models.Any(model => ModelOrigin.Parse(model.Source).IsRemote))
        {
            return (_manifest, []);
        }

        LockFile known = LockFile.TryRead(_lockPath) ?? LockFile.Empty;
        LockFile now = known;
        var models = ImmutableArray.CreateBuilder<ModelManifest>();
        var restored = ImmutableArray.CreateBuilder<RestoredSource>();
        foreach (ModelManifest model in _manifest.Models)
        {
            ModelOrigin origin = ModelOrigin.Parse(model.Source);
            if (!origin.IsRemote)
            {
                models.Add(model);
                continue;
            }

            (FetchedModel fetched, LockedSource locked) = await RestoreAsync(model.Source, origin, known, cancellationToken).ConfigureAwait(false);
            bool isNew = known.Find(locked.Source) is not { } before || Difference(before, locked) is not null;
            now = isNew ? now.With(locked) : now;

            models.Add(model with { FetchedFolder = fetched.Folder });
            restored.Add(new RestoredSource(locked.Source, locked.Revision, fetched.Folder, locked.Files.Length, locked.Files.Sum(file => file.Bytes), isNew));
        }

        if (_mode != LockMode.Locked)
        {
            (isWhole ? new LockFile([.. now.Sources.Where(source => restored.Any(used => used.Source == source.Source))]) : now).Write(_lockPath);
        }

        return (_manifest with { Models = models.ToImmutable() }, restored.ToImmutable());
    }

    private async Task<(FetchedModel Model, LockedSource Locked)> RestoreAsync(Located<string> source, ModelOrigin origin, LockFile known, CancellationToken cancellationToken)
    {
        LockedSource? pinned = _mode == LockMode.Update ? null : known.Find(source.Value);
        if (pinned is null && _mode == LockMode.Locked)
        {
            throw SourceErrors.NotLocked(source, _lockPath);
        }

        try
        {
            FetchedModel fetched = await FetchAsync(origin, pinned, cancellationToken).ConfigureAwait(false);
            LockedSource found = new(source.Value, fetched.Revision, [.. fetched.Files.Select(file => Pin(fetched, file))]);
            return pinned is null ? (fetched, found)
                : Difference(pinned, found) is { } file ? throw SourceErrors.Drift(source, file, _lockPath)
                : (fetched, pinned);
        }
        catch (RocketException exception) when (exception.Location?.File != _manifest.Path)
        {
            throw exception.LedToBy(source.Location);
        }
    }

    private Task<FetchedModel> FetchAsync(ModelOrigin origin, LockedSource? pinned, CancellationToken cancellationToken) => origin switch
    {
        ModelOrigin.HubRepository hub when pinned is not null => _hub.Value.FetchAsync(hub, pinned.Revision, [.. pinned.Files.Select(file => file.Path)], cancellationToken),
        ModelOrigin.HubRepository hub => _hub.Value.FetchAsync(hub, cancellationToken),
        ModelOrigin.NuGetSource package => _packages.Value.FetchAsync(package, cancellationToken),
        _ => throw new InvalidOperationException("A folder is not fetched."),
    };

    private LockedFile Pin(FetchedModel model, string file)
    {
        string path = Path.Combine([model.Folder, .. file.Split('/')]);
        return new LockedFile(file, FileStamp.Follow(path).Length, _memo.DigestOf(path));
    }

    private static string? Difference(LockedSource pinned, LockedSource found)
        => pinned.Revision != found.Revision ? "the revision"
            : pinned.Files.Except(found.Files).Concat(found.Files.Except(pinned.Files)).FirstOrDefault()?.Path;
}
