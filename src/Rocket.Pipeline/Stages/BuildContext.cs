using System.Collections.Concurrent;
using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Stages;

/// <summary>What every stage of a run needs: the store, threads, a log and the way to be cancelled.</summary>
/// <param name="store">The store.</param>
/// <param name="threads">Units at work at once.</param>
/// <param name="log">Told how it goes.</param>
/// <param name="loadRuntime">Loads libtorch; called once, when the first stage has to compute.</param>
/// <param name="cancellationToken">Cancels between units.</param>
public sealed class BuildContext(Store store, int threads, IBuildLog log, Action<BuildContext> loadRuntime, CancellationToken cancellationToken)
{
    private const int RequestsAtOnce = 16;

    private readonly Lock _logGate = new();
    private readonly Lock _runtimeGate = new();
    private readonly ConcurrentDictionary<Digest, bool> _offered = [];
    private IReadOnlyDictionary<string, ParallelUnits> _bounded = new Dictionary<string, ParallelUnits>();
    private ComputeDevice? _opened;

    /// <summary>The store.</summary>
    public Store Store { get; } = store;

    /// <summary>What a team shares; null: nothing.</summary>
    public RemoteCache? Remote { get; init; }

    /// <summary>Whether this run is there to fill the remote cache: what it finds in the store is sent too, where the server lacks it.</summary>
    public bool FillsRemote { get; init; }

    /// <summary>Digests of files that are read often.</summary>
    public FileDigestMemo Memo { get; } = new(store);

    /// <summary>Runs units on the run's threads.</summary>
    public ParallelUnits Units { get; } = new(threads);

    /// <summary>Most resident memory of the run, bytes; null: whatever its threads take.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>What the passes over text are asked to run on.</summary>
    public DeviceChoice AskedDevice { get; init; }

    /// <summary>What they run on: a part of the keys of all that they compute. Libtorch is loaded for the answer only where the choice is its own.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">Libtorch cannot be loaded.</exception>
    public ComputeDevice Device => ComputeDevice.Of(AskedDevice) ?? Open();

    /// <summary>Cancels between units.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What was measured.</summary>
    public RunMeasurements Measurements { get; } = new();

    /// <summary>Runs units of a stage, on as many of the run's threads as <see cref="MemoryLimit"/> allows.</summary>
    public ParallelUnits UnitsOf(string stage) => _bounded.GetValueOrDefault(stage, Units);

    /// <summary>Takes what the stages need; with a limit, fewer units are at work where all would take more.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT4107: a stage needs more with a single unit.</exception>
    public void Expect(RunMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (MemoryLimit is not { } limit)
        {
            return;
        }

        foreach ((string stage, StageMemory needed) in memory.Stages.OrderByDescending(stage => stage.Value.With(1)))
        {
            if (needed.With(1) > limit)
            {
                throw PlanErrors.MemoryTooSmall(limit, needed.With(1), stage);
            }
        }

        _bounded = memory.Stages.ToDictionary(stage => stage.Key, stage => new ParallelUnits(stage.Value.UnitsWithin(limit, Units.Threads)));
    }

    /// <summary>Loads libtorch on first use: a run that finds everything in the store never needs it, nor the device.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3005: libtorch does not have the device that was asked for.</exception>
    public void RequireRuntime() => Open();

    /// <summary>Begins a stage: what earlier ones freed goes back to the system, and wall time is counted until the result is disposed of.</summary>
    public IDisposable Begin(string stage)
    {
        if (_opened is not null)
        {
            ReturnMemory();
        }

        return Measurements.Time(stage);
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

    /// <summary>Whether an action's outputs are all in the store, or the remote cache tells of them.</summary>
    public bool Has(Digest key) => Store.TryGetAction(key) is not null || Remote?.TryGetAction(key) is not null;

    /// <summary>Of which actions the outputs are there, as <see cref="Has"/> tells; a remote cache is asked for many at once.</summary>
    public bool[] HasEach(IReadOnlyList<Digest> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return AskEach(keys, Has);
    }

    /// <summary>Of which actions all outputs are in the store, once those that the remote cache has were fetched, many at once.</summary>
    public bool[] BringEach(IReadOnlyList<Digest> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return AskEach(keys, key => Store.TryGetAction(key) is not null
            || (Remote?.TryGetAction(key) is { } result && result.OutputFiles.All(file => Fetch(key, result, file) is not null)));
    }

    /// <summary>The outputs of an action: from the store or the remote cache, or made now. Only one of several builds makes them; the others wait.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="label">Who makes it, for people who look into the store.</param>
    /// <param name="produce">Makes the outputs and commits them to the store.</param>
    /// <param name="isShared">Whether a team shares it; what is put together faster than it is sent is not.</param>
    /// <returns>The outputs, which may still be the remote cache's alone, and whether they were made now.</returns>
    public (ActionResult Result, bool Computed) Obtain(Digest key, ActionLabel label, Func<IEnumerable<OutputFile>> produce, bool isShared = true)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(produce);
        RemoteCache? remote = isShared ? Remote : null;
        if ((Found(key, remote) ?? remote?.TryGetAction(key)) is { } known)
        {
            Measurements.CountReused(key);
            return (known, false);
        }

        using IDisposable owner = Store.Lock(key, waiting => Report($"{label.Model}: {label.Stage}: {waiting}"), CancellationToken);
        if (Found(key, remote) is { } meanwhile)
        {
            Measurements.CountReused(key);
            return (meanwhile, false);
        }

        CancellationToken.ThrowIfCancellationRequested();
        var result = new ActionResult([.. produce()]) { Label = label };
        Store.PutAction(key, result);
        remote?.Send(key, result, Store);
        Measurements.Count(label.Stage, key);
        return (result, true);
    }

    /// <summary>Makes an action unless the one output that later stages read is there, or the remote cache tells of the action.</summary>
    /// <returns>Whether it had to be made.</returns>
    public bool Ensure(Digest key, ActionLabel label, string output, Func<IEnumerable<OutputFile>> produce)
        => IsHere(key, output, verify: false) is null && Obtain(key, label, produce).Computed;

    /// <summary>The verified path of one output of an action; what is damaged is made again.</summary>
    public string ObtainFile(Digest key, ActionLabel label, string output, Func<IEnumerable<OutputFile>> produce, bool isShared = true)
    {
        while (true)
        {
            if (IsHere(key, output, verify: true) is { } here)
            {
                return here;
            }

            (ActionResult result, _) = Obtain(key, label, produce, isShared);
            OutputFile file = result.Find(output) ?? throw new InvalidOperationException($"The action '{label.Stage}' has no output '{output}'.");
            if ((Store.TryGetBlob(file.Digest, file.Size) ?? Fetch(key, result, file)) is { } path)
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

    private ComputeDevice Open()
    {
        lock (_runtimeGate)
        {
            if (_opened is null)
            {
                // What tokenizers and texts took is as much as a small model's stages need.
                ReturnMemory();
                loadRuntime(this);
                _opened = ComputeDevice.Open(AskedDevice);
                if (AskedDevice == DeviceChoice.Auto)
                {
                    Report($"device: {_opened.Name}");
                }
            }

            return _opened;
        }
    }

    // Neither allocator does so by itself, and a stage's peak would come on top of what the one before it no longer uses.
    private static void ReturnMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        LibTorch.TrimHeaps();
    }

    // On threads of their own: they wait for answers, and those of the pool are needed to receive them.
    private bool[] AskEach(IReadOnlyList<Digest> keys, Func<Digest, bool> ask)
    {
        bool[] answers = new bool[keys.Count];
        new ParallelUnits(Remote is null ? 1 : RequestsAtOnce).Run(keys.Count, i => answers[i] = ask(keys[i]), CancellationToken);
        return answers;
    }

    private ActionResult? Found(Digest key, RemoteCache? remote)
    {
        ActionResult? found = Store.TryGetAction(key);
        if (found is not null && FillsRemote && remote is not null && _offered.TryAdd(key, true))
        {
            remote.Send(key, found, Store);
        }

        return found;
    }

    // An entry whose blobs cannot be had is worth nothing: the action is computed then.
    private string? Fetch(Digest key, ActionResult result, OutputFile file)
    {
        if (Remote?.TryFetch(file, Store) != true)
        {
            Remote?.Distrust(key);
            return null;
        }

        string? path = Store.TryGetBlob(file.Digest, file.Size);
        Store.PutAction(key, result);
        return path;
    }

    // A run that fills the remote cache looks at whole actions, which alone can be sent.
    private string? IsHere(Digest key, string output, bool verify)
    {
        string? path = FillsRemote ? null : Store.TryGetOutput(key, output, verify);
        if (path is not null)
        {
            Measurements.CountReused(key);
        }

        return path;
    }
}
