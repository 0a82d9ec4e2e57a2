using System.Collections.Immutable;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Runs the calibration loss backwards through one block: second moments of its linears' output gradients, and the gradient for the block before.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="calibration">Where hidden states come from.</param>
/// <param name="windows">Which of the calibration's windows are run backwards, in increasing order; at least one.</param>
public sealed class BackwardStage(BuildContext context, string model, SourceModel source, CalibrateStage calibration, ImmutableArray<int> windows) : IBackwardPass
{
    /// <summary>The stage's name.</summary>
    public const string Name = "backward";

    private const int Version = 2;
    private const string MomentsFile = "moments.safetensors";
    private const string GradientFile = "gradient.f32";

    private readonly ImmutableArray<int> _windows = windows;
    private readonly DecoderExecutor _decoder = new(source.Spec, new WeightLoader(source.Checkpoint, device: context.Device));
    private readonly Digest[] _keys = Keys(source, calibration, windows);

    /// <summary>The windows that are run backwards, in increasing order.</summary>
    public IReadOnlyList<int> Windows => _windows;

    /// <summary>Key of a block's action: its forward pass, and the key of the block after.</summary>
    public Digest KeyOf(int block) => _keys[block];

    /// <inheritdoc/>
    public string Moments(int block) => Obtain(block, MomentsFile);

    /// <inheritdoc/>
    public bool Ensure(int block) => context.Ensure(KeyOf(block), new ActionLabel(Name, model), MomentsFile, () => Run(block));

    /// <summary>Opens the gradient of the loss at a block's input, window by window; at the head's for the number of blocks.</summary>
    public HiddenStates OpenGradient(int block)
        => HiddenStates.Open(Gradient(block), [.. _windows.Select(window => calibration.Windows[window].Length)], source.Spec.HiddenSize);

    /// <summary>Which of <paramref name="count"/> windows are run backwards: evenly over the sample, which is in the order of the text.</summary>
    public static ImmutableArray<int> Spread(int count, int samples)
    {
        int taken = Math.Min(count, samples);
        return [.. Enumerable.Range(0, taken).Select(i => (int)((long)i * count / taken))];
    }

    // The last key is the head's.
    private static Digest[] Keys(SourceModel source, CalibrateStage calibration, ImmutableArray<int> windows)
    {
        DecoderSpec spec = source.Spec;
        var keys = new Digest[spec.Blocks.Length + 1];
        KeyBuilder head = new KeyBuilder("head", Version)
            .Add("hidden", calibration.KeyOf(spec.Blocks.Length - 1))
            .Add("windows", string.Join(' ', windows))
            .Add("norm", BlockDescription.Of(spec.FinalNorm))
            .Add("multipliers", $"{spec.Head.LogitsDivisor:R} {spec.Head.SoftCap:R}");
        foreach (string tensor in new[] { spec.FinalNorm.Tensor, spec.FinalNorm.Bias, spec.Head.Tensor, spec.Head.Bias }.OfType<string>())
        {
            head.Add(tensor, source.DigestOf(tensor));
        }

        keys[^1] = head.Build();
        for (int block = spec.Blocks.Length - 1; block >= 0; block--)
        {
            keys[block] = new KeyBuilder(Name, Version).Add("forward", calibration.KeyOf(block)).Add("after", keys[block + 1]).Build();
        }

        return keys;
    }

    private string Obtain(int block, string output)
        => context.ObtainFile(KeyOf(block), new ActionLabel(Name, model), output, () => Run(block));

    private string Gradient(int block) => block == source.Spec.Blocks.Length
        ? context.ObtainFile(_keys[block], new ActionLabel(Name, model), GradientFile, () => [context.Put(GradientFile, RunHead)])
        : Obtain(block, GradientFile);

    private void RunHead(Stream stream)
    {
        context.RequireRuntime();
        using HiddenStates hidden = calibration.OpenHidden(source.Spec.Blocks.Length - 1, _windows);
        GradientCalibrator.RunHead(_decoder, [.. _windows.Select(window => calibration.Windows[window])], hidden, stream, context.UnitsOf(Name), context.CancellationToken);
        source.Checkpoint.DropResidentPages();
    }

    private IEnumerable<OutputFile> Run(int block)
    {
        context.RequireRuntime();
        using HiddenStates gradient = OpenGradient(block + 1);
        using BlobWriter output = context.Store.CreateBlob();
        using HiddenStates input = calibration.OpenHidden(block - 1, _windows);
        using OutputMoments moments = GradientCalibrator.Run(
            source.Spec.Blocks[block], _decoder.Weights, input, gradient, output.Stream, context.UnitsOf(Name), context.CancellationToken);
        source.Checkpoint.DropResidentPages();
        (Digest digest, long size) = output.Commit();
        return [context.Put(MomentsFile, moments.Save), new OutputFile(GradientFile, digest, size)];
    }
}
