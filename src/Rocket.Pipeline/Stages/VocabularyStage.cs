using System.Collections.Immutable;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;
using TorchSharp;

namespace Rocket.Pipeline.Stages;

/// <summary>Gathers the second moments of embedding and head, once both passes over the blocks are done.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="groups">The passes over the blocks, a pair each group of windows.</param>
public sealed class VocabularyStage(BuildContext context, string model, SourceModel source, ImmutableArray<(CalibrateStage Forward, BackwardStage? Backward)> groups)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "vocabulary";

    private const int Version = 2;
    private const string MomentsFile = "moments.safetensors";

    /// <summary>Key of the moments: both passes, to their ends.</summary>
    public Digest KeyOf()
    {
        KeyBuilder key = new KeyBuilder(Name, Version).Add("multiplier", source.Spec.Embedding.Multiplier);
        foreach ((CalibrateStage forward, BackwardStage backward) in Passes)
        {
            key.Add("hidden", forward.KeyOf(source.Spec.Blocks.Length - 1)).Add("gradient", backward.KeyOf(0));
        }

        return key.Build();
    }

    /// <summary>Gathers the moments unless they are there.</summary>
    public void Ensure() => Moments();

    /// <summary>Loads one of the matrices with the moments of its uses.</summary>
    public ILinearFactorizer Prepare(LinearSpec matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string path = Moments();
        using DisposeScope scope = torch.NewDisposeScope();
        TensorView view = source.Checkpoint.Get(matrix.Tensor);
        torch.Tensor weight = view.ToFloat32();
        view.DropResidentPages();
        (torch.Tensor Gram, torch.Tensor Squares, long Tokens)? head = matrix == source.Spec.HeadMatrix ? VocabularyMoments.LoadHead(path) : null;
        (torch.Tensor Squares, torch.Tensor Counts, long Tokens)? embedding = matrix == source.Spec.EmbeddingMatrix ? VocabularyMoments.LoadEmbedding(path) : null;
        scope.Detach([.. new[] { weight, head?.Gram, head?.Squares, embedding?.Squares, embedding?.Counts }.OfType<torch.Tensor>()]);
        return new VocabularyFactorizer(weight, head, embedding, LinearTask.FactorType(source, matrix), matrix.Key);
    }

    private IEnumerable<(CalibrateStage Forward, BackwardStage Backward)> Passes
        => groups.Where(group => group.Backward is not null).Select(group => (group.Forward, group.Backward!));

    private string Moments() => context.ObtainFile(KeyOf(), new ActionLabel(Name, model), MomentsFile, () => [Run()]);

    private OutputFile Run()
    {
        context.RequireRuntime();
        var decoder = new DecoderExecutor(source.Spec, new WeightLoader(source.Checkpoint, device: context.Device));
        using var moments = new VocabularyMoments();
        foreach ((CalibrateStage forward, BackwardStage backward) in Passes)
        {
            int[][] windows = [.. backward.Windows.Select(window => forward.Windows[window])];
            using HiddenStates hidden = forward.OpenHidden(source.Spec.Blocks.Length - 1, backward.Windows);
            using HiddenStates gradient = backward.OpenGradient(0);
            VocabularyCalibrator.Add(moments, decoder, windows, hidden, gradient, context.UnitsOf(BackwardStage.Name), context.CancellationToken);
        }

        moments.EnsureFinite(-1);
        source.Checkpoint.DropResidentPages();
        return context.Put(MomentsFile, moments.Save);
    }
}
