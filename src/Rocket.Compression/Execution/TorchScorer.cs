using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Models.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Scores tokens with libtorch: all sequences through one block, then the next, so that memory does not grow with depth.</summary>
public sealed partial class TorchScorer : ITokenScorer
{
    private readonly Checkpoint _checkpoint;
    private readonly DecoderExecutor _decoder;
    private readonly ParallelUnits _units;
    private readonly string _scratchFolder;

    /// <summary>Scores with a decoder whose description and weights are at hand.</summary>
    /// <param name="spec">The decoder.</param>
    /// <param name="checkpoint">Its tensors; owned from here on.</param>
    /// <param name="section">The artifact's section, or null for a dense model.</param>
    /// <param name="threads">Sequences at work at once.</param>
    /// <param name="scratchFolder">Where hidden states are kept while scoring; null: the system's temporary folder.</param>
    /// <param name="device">Where the decoder runs; null: on the processor.</param>
    public TorchScorer(DecoderSpec spec, Checkpoint checkpoint, RocketSection? section, int threads, string? scratchFolder = null, ComputeDevice? device = null)
    {
        _checkpoint = checkpoint;
        _decoder = new DecoderExecutor(spec, new WeightLoader(checkpoint, section, device));
        _units = new ParallelUnits(threads);
        _scratchFolder = scratchFolder ?? Path.GetTempPath();
    }

    /// <inheritdoc/>
    public int VocabularySize => _decoder.Spec.VocabularySize;

    /// <summary>Opens a model folder, dense or an artifact.</summary>
    /// <param name="folder">The folder with config.json and safetensors.</param>
    /// <param name="threads">Sequences at work at once.</param>
    /// <param name="scratchFolder">Where hidden states are kept while scoring; null: the system's temporary folder.</param>
    /// <param name="device">Where it runs; null: on the processor.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">The folder does not hold a model that can be run.</exception>
    public static TorchScorer Open(string folder, int threads, string? scratchFolder = null, ComputeDevice? device = null)
    {
        string config = Path.Combine(folder, "config.json");
        DecoderSpec spec = Architecture.Read(config);
        Checkpoint checkpoint = Checkpoint.Open(folder);
        try
        {
            RocketSection? section = RocketSection.TryRead(config);
            Architecture.Validate(spec, checkpoint, section);
            return new TorchScorer(spec, checkpoint, section, threads, scratchFolder, device);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TokenScore[]> Score(IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var scores = new TokenScore[sequences.Count][];
        using HiddenStates states = RunBlocks(sequences, progress, cancellationToken);
        using DecoderExecutor.Head head = LoadHead();
        _units.Run(
            sequences.Count,
            i =>
            {
                using DisposeScope scope = NewDisposeScope();
                scores[i] = head.Score(states.Read(i, head.Device), sequences[i]);
            },
            cancellationToken);
        progress?.Report(1);
        return scores;
    }

    /// <summary>Logits <c>[tokens, vocabulary]</c> of one sequence, on the processor.</summary>
    public Tensor Logits(int[] ids)
    {
        using HiddenStates states = RunBlocks([ids], null, CancellationToken.None);
        using DecoderExecutor.Head head = LoadHead();
        using Tensor hidden = states.Read(0, head.Device);
        return ComputeDevice.Cpu.Place(head.Logits(hidden));
    }

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    private DecoderExecutor.Head LoadHead()
    {
        DecoderExecutor.Head head = _decoder.LoadHead();
        _checkpoint.DropResidentPages();
        return head;
    }

    private HiddenStates RunBlocks(IReadOnlyList<int[]> sequences, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int[] lengths = [.. sequences.Select(sequence => sequence.Length)];
        HiddenStates states = HiddenStates.CreateTemporary(_scratchFolder, lengths, _decoder.Spec.HiddenSize);
        try
        {
            _units.Run(
                sequences.Count,
                i =>
                {
                    using Tensor embedded = _decoder.Embed(sequences[i]);
                    states.Write(i, embedded);
                },
                cancellationToken);
            foreach (BlockSpec block in _decoder.Spec.Blocks)
            {
                using BlockWeights weights = BlockWeights.Load(block, _decoder.Weights);
                _checkpoint.DropResidentPages();
                using var executor = new BlockExecutor(block, weights);
                _units.Run(
                    sequences.Count,
                    i =>
                    {
                        using DisposeScope scope = NewDisposeScope();
                        states.Write(i, executor.Run(states.Read(i, executor.Device)));
                    },
                    cancellationToken);
                progress?.Report((block.Index + 1.0) / (_decoder.Spec.Blocks.Length + 1));
            }

            return states;
        }
        catch
        {
            states.Dispose();
            throw;
        }
    }
}
