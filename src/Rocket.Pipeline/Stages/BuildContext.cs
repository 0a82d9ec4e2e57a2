using Rocket.Compression.Execution;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>What every stage of a run needs: the store, threads, a log and the way to be cancelled.</summary>
/// <param name="store">The store.</param>
/// <param name="threads">Units at work at once.</param>
/// <param name="log">Told how it goes.</param>
/// <param name="loadRuntime">Loads libtorch; called once, when the first stage has to compute.</param>
/// <param name="cancellationToken">Cancels between units.</param>
public sealed class BuildContext(Store store, int threads, IBuildLog log, Action<BuildContext> loadRuntime, CancellationToken cancellationToken)
{
    private readonly Lock _logGate = new();
    private readonly Lock _runtimeGate = new();
    private bool _hasRuntime;

    /// <summary>The store.</summary>
    public Store Store { get; } = store;

    /// <summary>Digests of files that are read often.</summary>
    public FileDigestMemo Memo { get; } = new(store);

    /// <summary>Runs units on the run's threads.</summary>
    public ParallelUnits Units { get; } = new(threads);

    /// <summary>Cancels between units.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What was measured.</summary>
    public RunMeasurements Measurements { get; } = new();

    /// <summary>Loads libtorch on first use: a run that finds everything in the store never needs it.</summary>
    public void RequireRuntime()
    {
        lock (_runtimeGate)
        {
            if (!_hasRuntime)
            {
                loadRuntime(this);
                _hasRuntime = true;
            }
        }
    }

    /// <summary>Tells the log.</summary>
    public void Report(StageProgress progress)
    {
        lock (_logGate)
        {
            log.Progress(progress);
        }
    }

    /// <summary>Tells the log.</summary>
    public void Report(string message, bool isDetail = false)
    {
        lock (_logGate)
        {
            log.Message(message, isDetail);
        }
    }

    /// <summary>Whether an action's outputs are all in the store.</summary>
    public bool Has(Digest key) => Store.TryGetAction(key) is not null;

    /// <summary>The outputs of an action: from the store, or made now. Only one of several builds makes them; the others wait.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="label">Who makes it, for people who look into the store.</param>
    /// <param name="produce">Makes the outputs and commits them to the store.</param>
    /// <returns>The outputs, and whether they were made now.</returns>
    public (ActionResult Result, bool Computed) Obtain(Digest key, ActionLabel label, Func<IEnumerable<OutputFile>> produce)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(produce);
        if (Store.TryGetAction(key) is { } known)
        {
            Measurements.CountReused(key);
            return (known, false);
        }

        using IDisposable owner = Store.Lock(key, waiting => Report(waiting), CancellationToken);
        if (Store.TryGetAction(key) is { } meanwhile)
        {
            Measurements.CountReused(key);
            return (meanwhile, false);
        }

        CancellationToken.ThrowIfCancellationRequested();
        var result = new ActionResult([.. produce()]) { Label = label };
        Store.PutAction(key, result);
        Measurements.Count(label.Stage, key);
        return (result, true);
    }

    /// <summary>The verified path of one output of an action; what is damaged is made again.</summary>
    public string ObtainFile(Digest key, ActionLabel label, string output, Func<IEnumerable<OutputFile>> produce)
    {
        while (true)
        {
            (ActionResult result, _) = Obtain(key, label, produce);
            OutputFile file = result.Find(output) ?? throw new InvalidOperationException($"The action '{label.Stage}' has no output '{output}'.");
            if (Store.TryGetBlob(file.Digest, file.Size) is { } path)
            {
                return path;
            }
        }
    }

    /// <summary>Commits a small output.</summary>
    public OutputFile Put(string name, ReadOnlySpan<byte> content)
    {
        (Digest digest, long size) = Store.PutBlob(content);
        return new OutputFile(name, digest, size);
    }

    /// <summary>Commits an output that is written piece by piece.</summary>
    public OutputFile Put(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using BlobWriter blob = Store.CreateBlob();
        write(blob.Stream);
        (Digest digest, long size) = blob.Commit();
        return new OutputFile(name, digest, size);
    }
}
