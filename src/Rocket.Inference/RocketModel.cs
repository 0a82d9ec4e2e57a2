using Rocket.Inference.Diagnostics;
using Rocket.Inference.Execution;
using Rocket.Inference.Kernels;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using Rocket.Models.Scoring;

namespace Rocket.Inference;

/// <summary>A model folder, dense or an artifact, ready to run: one set of memory-mapped weights for any number of sessions.</summary>
public sealed class RocketModel : ITokenScorer
{
    private readonly Checkpoint _checkpoint;
    private readonly WorkerPool _pool;
    private readonly RotaryTable?[] _rotaries;
    private readonly Stack<DecoderExecutor> _idle = new();
    private bool _isDisposed;

    private RocketModel(DecoderSpec spec, Checkpoint checkpoint, ModelWeights weights, MatrixKernels kernels, int threads)
    {
        Spec = spec;
        Folder = checkpoint.Folder;
        Weights = weights;
        Kernels = kernels;
        _checkpoint = checkpoint;
        _pool = new WorkerPool(threads);
        Dictionary<RopeSpec, RotaryTable> tables = [];
        _rotaries = [.. spec.Blocks.Select(block => block.Attention.Rope is { } rope ? TableOf(rope) : null)];

        RotaryTable TableOf(RopeSpec rope) => tables.TryGetValue(rope, out RotaryTable? table) ? table : tables[rope] = new RotaryTable(rope);
    }

    /// <summary>The decoder.</summary>
    public DecoderSpec Spec { get; }

    /// <summary>Full path of the folder that the model was loaded from.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public int VocabularySize => Spec.VocabularySize;

    /// <summary>The instruction set of the kernels, such as <c>AVX-512</c>.</summary>
    public string InstructionSet => Kernels.Name;

    /// <summary>The kernels.</summary>
    internal MatrixKernels Kernels { get; }

    /// <summary>The weights.</summary>
    internal ModelWeights Weights { get; }

    /// <summary>Maps the weights of a folder and checks shapes and masks.</summary>
    /// <param name="folder">The folder with config.json and safetensors.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <exception cref="RocketException">RKT2xxx, RKT6xxx or RKT8xxx: the folder does not hold a model that can be run.</exception>
    public static RocketModel Load(string folder, RocketOptions? options = null) => Load(folder, options, KernelSelection.Best);

    /// <summary>Loads with given kernels.</summary>
    internal static RocketModel Load(string folder, RocketOptions? options, MatrixKernels kernels)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        int threads = options?.Threads ?? 0;
        ArgumentOutOfRangeException.ThrowIfNegative(threads, nameof(options));
        string config = Path.Combine(folder, "config.json");
        DecoderSpec spec = Architecture.Read(config);
        RocketSection? section = RocketSection.TryRead(config);
        Checkpoint checkpoint = OpenWeights(folder);
        try
        {
            DenseCopies copies = options?.DenseCopies ?? DenseCopies.WhereFaster;
            var reader = new WeightReader(checkpoint, section, type => copies == DenseCopies.Always || (copies == DenseCopies.WhereFaster && !kernels.SpreadsInRegisters(type)));
            ModelWeights weights = ModelWeights.Read(spec, reader);
            string? unknown = section?.Linears.Keys.FirstOrDefault(linear => !reader.Factored.Contains(linear));
            return unknown is null
                ? new RocketModel(spec, checkpoint, weights, kernels, threads == 0 ? Environment.ProcessorCount : threads)
                : throw InferenceErrors.UnknownLinear(config, unknown);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Starts an empty sequence. Sessions of one model may run at once, each on its own thread.</summary>
    /// <param name="capacity">Tokens to make room for at once; 0: room grows as it is needed.</param>
    public InferenceSession CreateSession(int capacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new InferenceSession(this, capacity);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TokenScore[]> Score(IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var scores = new TokenScore[sequences.Count][];
        for (int i = 0; i < scores.Length; i++)
        {
            using InferenceSession session = CreateSession(sequences[i].Length);
            scores[i] = SequenceScorer.Score(session, sequences[i], cancellationToken);
            progress?.Report((i + 1.0) / scores.Length);
        }

        return scores;
    }

    /// <summary>Ends the threads and unmaps the weights. No session may be at work.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _pool.Dispose();
        while (_idle.TryPop(out DecoderExecutor? executor))
        {
            executor.Dispose();
        }

        _checkpoint.Dispose();
    }

    /// <summary>Caches for a sequence.</summary>
    internal KeyValueCache[] CreateCaches()
        => [.. Spec.Blocks.Select(block => new KeyValueCache(block.Attention.KeyValueHeads * block.Attention.HeadSize, block.Attention.Window))];

    /// <summary>Whether positions mean other angles in a sequence of another length (longrope).</summary>
    internal bool AnglesDiffer(int length, int other)
    {
        foreach (RotaryTable? table in _rotaries)
        {
            if (table is not null && table.DiffersBetween(length, other))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Borrows an executor that no other session uses.</summary>
    internal DecoderExecutor Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (_idle)
        {
            return _idle.TryPop(out DecoderExecutor? executor) ? executor : new DecoderExecutor(Spec, Weights, _rotaries, Kernels, _pool);
        }
    }

    /// <summary>Gives an executor back.</summary>
    internal void Return(DecoderExecutor executor)
    {
        lock (_idle)
        {
            _idle.Push(executor);
        }
    }

    /// <summary>Says why logits are not finite.</summary>
    internal RocketException NotFinite()
    {
        foreach (TensorInfo tensor in _checkpoint.Tensors)
        {
            if (!FiniteScan.AllFinite(_checkpoint.Get(tensor.Name)))
            {
                return InferenceErrors.NotFinite(_checkpoint.FileOf(tensor.Name), tensor.Name);
            }
        }

        return InferenceErrors.Overflow(Folder);
    }

    private static Checkpoint OpenWeights(string folder)
    {
        try
        {
            return Checkpoint.Open(folder);
        }
        catch (RocketException exception)
        {
            throw InferenceErrors.DamagedWeights(exception);
        }
    }
}
