using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Factors;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;
using TorchSharp;

namespace Rocket.Pipeline.Stages;

/// <summary>
/// Factorizes a plan's blocks in order, each for the inputs that its compressed predecessors really give it. One action a block: its
/// factors, and its compressed output for the next.
/// </summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="candidates">What the plan chose from.</param>
/// <param name="calibration">Windows and their hidden states in the dense model.</param>
/// <param name="task">Loads a linear with its moments.</param>
/// <param name="factorize">Knows the key of a linear's factors without correction.</param>
/// <param name="plan">The plan.</param>
public sealed class CorrectStage(
    BuildContext context, string model, SourceModel source, LinearCandidates candidates, ICalibration calibration, LinearTask task, FactorizeStage factorize, CompressionPlan plan)
    : IFactorSource
{
    /// <summary>The stage's name.</summary>
    public const string Name = "correct";

    private const int Version = 2;
    private const string HiddenFile = "hidden.f32";
    private const string FactorsEnding = ".safetensors";
    private const string ResultEnding = ".json";

    private readonly ILookup<int, PlanEntry> _byBlock = plan.Entries.Where(entry => entry.Option is not null).ToLookup(entry => entry.Block);
    private readonly Dictionary<int, Digest> _keys = [];
    private readonly int[] _lengths = [.. calibration.Windows.Select(window => window.Length)];

    /// <summary>Number of blocks.</summary>
    public int Blocks => source.Spec.Blocks.Length;

    /// <summary>Key of a block's action: that of the block before, and every factor as it would be without correction.</summary>
    public Digest KeyOf(int block)
    {
        if (block < 0)
        {
            return calibration.KeyOf(block);
        }

        if (!_keys.TryGetValue(block, out Digest key))
        {
            KeyBuilder builder = new KeyBuilder(Name, Version).Add("before", KeyOf(block - 1)).Add("dense", calibration.KeyOf(block));
            foreach (PlanEntry entry in _byBlock[block])
            {
                (BlockSpec spec, LinearSpec linear) = candidates.Find(entry.Linear);
                builder.Add(entry.Linear, factorize.KeyOf(spec, linear, entry.Option!));
            }

            _keys[block] = key = builder.Build();
        }

        return key;
    }

    /// <summary>Factorizes a block unless it was; the blocks before it come first.</summary>
    /// <returns>Whether it had to be done.</returns>
    public bool Ensure(int block) => context.Obtain(KeyOf(block), new ActionLabel(Name, model), () => Run(block)).Computed;

    /// <inheritdoc/>
    public Digest KeyOf(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        ArgumentNullException.ThrowIfNull(block);
        return linear.IsOfVocabulary ? factorize.KeyOf(block, linear, choice) : KeyOf(block.Index);
    }

    /// <inheritdoc/>
    public string Factors(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(linear);
        return linear.IsOfVocabulary ? factorize.Factors(block, linear, choice) : Obtain(block.Index, linear.Key + FactorsEnding);
    }

    /// <inheritdoc/>
    public FactorizationResult Result(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(linear);
        return linear.IsOfVocabulary
            ? factorize.Result(block, linear, choice)
            : FactorFile.Parse(Obtain(block.Index, linear.Key + ResultEnding), linear.Key);
    }

    private string Obtain(int block, string output) => context.ObtainFile(KeyOf(block), new ActionLabel(Name, model), output, () => Run(block));

    private IEnumerable<OutputFile> Run(int index)
    {
        context.RequireRuntime();
        BlockSpec block = source.Spec.Blocks[index];
        int[] windows = [.. Enumerable.Range(0, _lengths.Length)];
        using HiddenStates compressed = index == 0
            ? calibration.OpenHidden(-1, windows)
            : HiddenStates.Open(Obtain(index - 1, HiddenFile), _lengths, source.Spec.HiddenSize);
        var loader = new WeightLoader(source.Checkpoint, device: context.Device);
        PlanEntry[] entries = [.. _byBlock[index]];
        var outputs = new List<OutputFile>();
        using BlockMoments moments = BlockCalibrator.Run(block, loader, compressed, Stream.Null, context.UnitsOf(Name), null, context.CancellationToken);
        using BlockWeights weights = BlockWeights.Load(block, loader);
        context.UnitsOf(Name).Run(
            entries.Length,
            i => Factorize(block, entries[i], moments),
            (i, factors) =>
            {
                LinearSpec linear = candidates.Find(entries[i].Linear).Linear;
                outputs.Add(context.Put(linear.Key + FactorsEnding, stream => FactorFile.Write(stream, linear.Key, factors.Factors)));
                outputs.Add(context.Put(linear.Key + ResultEnding, FactorFile.Format(factors.Factors, factors.Errors)));
                Replace(block, weights, linear, factors.Factors);
            },
            context.CancellationToken);

        using BlobWriter hidden = context.Store.CreateBlob();
        BlockCalibrator.Forward(block, weights, compressed, hidden.Stream, context.UnitsOf(Name), context.CancellationToken);
        source.Checkpoint.DropResidentPages();
        (Digest digest, long size) = hidden.Commit();
        return [.. outputs, new OutputFile(HiddenFile, digest, size)];
    }

    private (LinearFactors Factors, FactorizationErrors Errors) Factorize(BlockSpec block, PlanEntry entry, BlockMoments moments)
    {
        LinearSpec linear = candidates.Find(entry.Linear).Linear;
        using ILinearFactorizer factorizer = task.Prepare(block, linear, moments)
            ?? throw new InvalidOperationException($"'{linear.Key}' has no moments: its profile offers only the dense option.");
        return factorizer.Factorize(entry.Option!);
    }

    // A fused weight as one fills the rows of the linears that it holds.
    private static void Replace(BlockSpec block, BlockWeights weights, LinearSpec linear, LinearFactors factors)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor weight = WeightLoader.MultiplyOut(factors);
        foreach (LinearSpec part in LinearTask.PartsOf(block, linear))
        {
            weights.Replace(part, part == linear ? weight : weight.narrow(0, part.Fused!.FirstRow, part.DOut));
        }
    }
}
