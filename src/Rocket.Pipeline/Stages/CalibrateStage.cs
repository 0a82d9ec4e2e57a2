using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Runs the calibration windows through one block: second moments of its inputs, and the hidden states for the next.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="sample">The calibration windows.</param>
public sealed class CalibrateStage(BuildContext context, string model, SourceModel source, CalibrationSample sample) : ICalibration
{
    /// <summary>The stage's name.</summary>
    public const string Name = "calibrate";

    private const int Version = 3;
    private const string MomentsFile = "moments.safetensors";
    private const string HiddenFile = "hidden.f32";

    private readonly int[] _lengths = [.. sample.Windows.Select(window => window.Length)];
    private readonly DecoderExecutor _decoder = new(source.Spec, new WeightLoader(source.Checkpoint, device: context.Device));
    private readonly Digest[] _keys = Keys(context.Device, source, sample);

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Windows => sample.Windows;

    /// <summary>Key of a block's action: the windows, the block's weights, the device, the key of the block before.</summary>
    public Digest KeyOf(int block) => _keys[block + 1];

    /// <inheritdoc/>
    public string Moments(int block) => Obtain(block, MomentsFile);

    /// <inheritdoc/>
    public bool Ensure(int block) => context.Ensure(KeyOf(block), new ActionLabel(Name, model), MomentsFile, () => Run(block));

    /// <inheritdoc/>
    public HiddenStates OpenHidden(int block, IReadOnlyList<int> windows) => HiddenStates.Open(Hidden(block), _lengths, source.Spec.HiddenSize, windows);

    // Block -1 is the embedding, which every device takes from the processor. The passes and the factors that follow have the device by the
    // blocks' keys.
    private static Digest[] Keys(ComputeDevice device, SourceModel source, CalibrationSample sample)
    {
        var keys = new Digest[source.Spec.Blocks.Length + 1];
        keys[0] = new KeyBuilder("embed", Version)
            .Add("sample", sample.Digest)
            .Add("embedding", source.DigestOf(source.Spec.Embedding.Tensor))
            .Add("multiplier", source.Spec.Embedding.Multiplier)
            .Build();
        foreach (BlockSpec block in source.Spec.Blocks)
        {
            var key = new KeyBuilder(Name, Version).Add("before", keys[block.Index]).Add("block", BlockDescription.Of(block)).Add("device", device);
            foreach ((string tensor, _) in block.Tensors)
            {
                key.Add(tensor, source.DigestOf(tensor));
            }

            keys[block.Index + 1] = key.Build();
        }

        return keys;
    }

    private string Obtain(int block, string output) => context.ObtainFile(KeyOf(block), new ActionLabel(Name, model), output, () => Run(block));

    /// <summary>Path of all windows' hidden states behind a block.</summary>
    internal string Hidden(int block) => block < 0
        ? context.ObtainFile(_keys[0], new ActionLabel(Name, model), HiddenFile, () => [context.Put(HiddenFile, Embed)])
        : Obtain(block, HiddenFile);

    private void Embed(Stream stream)
    {
        context.RequireRuntime();
        BlockCalibrator.Embed(_decoder, sample.Windows, stream, context.CancellationToken);
    }

    private IEnumerable<OutputFile> Run(int block)
    {
        context.RequireRuntime();
        string path = Hidden(block - 1);
        using BlobWriter hidden = context.Store.CreateBlob();
        using HiddenStates input = HiddenStates.Open(path, _lengths, source.Spec.HiddenSize);
        using BlockMoments moments = BlockCalibrator.Run(
            source.Spec.Blocks[block], _decoder.Weights, input, hidden.Stream, context.UnitsOf(Name), null, context.CancellationToken);
        source.Checkpoint.DropResidentPages();
        (Digest digest, long size) = hidden.Commit();
        return [context.Put(MomentsFile, moments.Save), new OutputFile(HiddenFile, digest, size)];
    }
}
