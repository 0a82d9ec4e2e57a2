using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <content>What <c>cache list</c>, <c>cache verify</c> and <c>cache prune</c> do.</content>
public sealed partial class Store
{
    // File systems stamp with a coarser clock than the session's name.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    /// <summary>All entries: blobs and then actions, each by name.</summary>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public ImmutableArray<StoreEntry> List() => Guarded(() =>
    {
        Dictionary<Digest, ActionLabel> makers = [];
        List<StoreEntry> actions = [];
        foreach ((FileInfo file, Digest key) in Named(Actions))
        {
            ActionResult? result = ReadAction(file, key);
            actions.Add(new StoreEntry(StoreEntryKind.Action, key, file.Length, file.LastWriteTimeUtc, result?.Label));
            if (result?.Label is { } label)
            {
                foreach (OutputFile output in result.OutputFiles)
                {
                    makers.TryAdd(output.Digest, label);
                }
            }
        }

        IEnumerable<StoreEntry> blobs = Named(Blobs).Select(entry =>
            new StoreEntry(StoreEntryKind.Blob, entry.Name, entry.File.Length, entry.File.LastWriteTimeUtc, makers.GetValueOrDefault(entry.Name)));
        return ImmutableArray.CreateRange(blobs.Concat(actions));
    });

    /// <summary>Reads every entry, compares digests, and deletes what is bad: damaged or misnamed files, and actions whose outputs are gone.</summary>
    /// <param name="progress">Told the bytes read so far.</param>
    /// <param name="cancellationToken">Ends the work between two entries.</param>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public VerifyResult Verify(IProgress<long>? progress = null, CancellationToken cancellationToken = default) => Guarded(() =>
    {
        ImmutableArray<BadEntry>.Builder bad = ImmutableArray.CreateBuilder<BadEntry>();
        int count = 0;
        long size = 0;
        foreach (FileInfo file in Files(Blobs).Concat(Files(Actions)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long length = file.Length;
            string? reason = file.DirectoryName == Blobs ? FaultOfBlob(file) : FaultOfAction(file);

            // Pruned meanwhile is not bad.
            if (reason is not null && File.Exists(file.FullName))
            {
                file.Delete();
                bad.Add(new BadEntry(file.FullName, reason));
                _report?.Invoke($"Cache entry \"{file.FullName}\" {reason}; deleted, to be made again.");
            }

            count++;
            size += length;
            progress?.Report(size);
        }

        return new VerifyResult(count, size, bad.ToImmutable());
    });

    /// <summary>Removes entries by age and until the rest fits; never what an open store has used, and then the actions that have no output left.</summary>
    /// <exception cref="RocketException">The file system refuses (RKT5xxx).</exception>
    public PruneResult Prune(PrunePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Guarded(() =>
        {
            DateTime held = OldestSession() - ClockSlack;
            DateTime? old = policy.OlderThan is { } age ? DateTime.UtcNow - age : null;
            StoreEntry[] entries = [.. List().OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Kind).ThenBy(entry => entry.Name.ToString(), StringComparer.Ordinal)];
            long remaining = entries.Sum(entry => entry.Size);
            ImmutableArray<StoreEntry>.Builder removed = ImmutableArray.CreateBuilder<StoreEntry>();
            HashSet<Digest> gone = [];
            foreach (StoreEntry entry in entries)
            {
                bool isDue = entry.LastUsed < old || remaining > policy.MaximumSize;
                if (isDue && entry.LastUsed < held && Remove(entry, held, policy.IsDryRun))
                {
                    removed.Add(entry);
                    remaining -= entry.Size;
                    if (entry.Kind == StoreEntryKind.Blob)
                    {
                        gone.Add(entry.Name);
                    }
                }
            }

            HashSet<StoreEntry> removedActions = [.. removed];
            foreach (StoreEntry action in entries.Where(entry => entry.Kind == StoreEntryKind.Action && !removedActions.Contains(entry)))
            {
                FileInfo file = new(ActionPath(action.Name));
                if (file.Exists && ReadAction(file, action.Name) is { } result && result.OutputFiles.All(output => gone.Contains(output.Digest) || !IsThere(output))
                    && Remove(action, DateTime.MaxValue, policy.IsDryRun))
                {
                    removed.Add(action);
                    remaining -= action.Size;
                }
            }

            return new PruneResult(removed.ToImmutable(), removed.Sum(entry => entry.Size), remaining);
        });
    }

    private bool Remove(StoreEntry entry, DateTime held, bool isDryRun)
    {
        FileInfo file = new(entry.Kind == StoreEntryKind.Blob ? BlobPath(entry.Name) : ActionPath(entry.Name));
        if (!isDryRun)
        {
            using FileStream gate = EnterGate(isAlone: true);

            // Used since it was listed? Then a build has it.
            if (!file.Exists || file.LastWriteTimeUtc >= held)
            {
                return false;
            }

            file.Delete();
        }

        return true;
    }

    private static string? FaultOfBlob(FileInfo file)
    {
        try
        {
            return !Digest.TryParse(file.Name, out Digest digest) ? "is not named by a digest"
                : Digest.OfFile(file.FullName) != digest ? "does not match its digest"
                : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string? FaultOfAction(FileInfo file) =>
        !Digest.TryParse(file.Name, out Digest key) ? "is not named by a key"
        : ReadAction(file, key) is not { } result ? "is malformed"
        : result.OutputFiles is [var first, ..] && !result.OutputFiles.Any(IsThere) ? $"names the output \"{first.Path}\", which is missing"
        : null;

    private bool IsThere(OutputFile output) => new FileInfo(BlobPath(output.Digest)) is { Exists: true } blob && blob.Length == output.Size;

    private static ActionResult? ReadAction(FileInfo file, Digest key)
    {
        try
        {
            return ActionResultCodec.TryRead(key, File.ReadAllBytes(file.FullName));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(folder).GetFiles().Where(file => file.Exists).OrderBy(file => file.Name, StringComparer.Ordinal);

    private static IEnumerable<(FileInfo File, Digest Name)> Named(string folder)
    {
        foreach (FileInfo file in Files(folder))
        {
            if (Digest.TryParse(file.Name, out Digest name))
            {
                yield return (file, name);
            }
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, Folder);
        }
    }
}
