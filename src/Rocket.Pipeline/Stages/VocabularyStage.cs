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
/// <param name="calibration">Where hidden states come from.</param>
/// <param name="backward">Where gradients come from.</param>
public sealed class VocabularyStage(BuildContext context, string model, SourceModel source, CalibrateStage calibration, BackwardStage backward)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "vocabulary";

    private const int Version = 1;
    private const string MomentsFile = "moments.safetensors";

    /// <summary>Key of the moments: both passes, to their ends.</summary>
    public Digest KeyOf() => new KeyBuilder(Name, Version)
        .Add("hidden", calibration.KeyOf(source.Spec.Blocks.Length - 1))
        .Add("gradient", backward.KeyOf(0))
        .Add("multiplier", source.Spec.Embedding.Multiplier)
        .Build();

    /// <summary>Loads one of the matrices with the moments of its uses.</summary>
    public ILinearFactorizer Prepare(LinearSpec matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string path = context.ObtainFile(KeyOf(), new ActionLabel(Name, model), MomentsFile, () => [Run()]);
        using DisposeScope scope = torch.NewDisposeScope();
        TensorView view = source.Checkpoint.Get(matrix.Tensor);
        torch.Tensor weight = view.ToFloat32();
        view.DropResidentPages();
        (torch.Tensor Gram, torch.Tensor Squares, long Tokens)? head = matrix == source.Spec.HeadMatrix ? VocabularyMoments.LoadHead(path) : null;
        (torch.Tensor Squares, torch.Tensor Counts, long Tokens)? embedding = matrix == source.Spec.EmbeddingMatrix ? VocabularyMoments.LoadEmbedding(path) : null;
        scope.Detach([.. new[] { weight, head?.Gram, head?.Squares, embedding?.Squares, embedding?.Counts }.OfType<torch.Tensor>()]);
        return new VocabularyFactorizer(weight, head, embedding, LinearTask.FactorType(source, matrix), matrix.Key);
    }

    private OutputFile Run()
    {
        context.RequireRuntime();
        int[][] windows = [.. backward.Windows.Select(window => calibration.Windows[window])];
        using HiddenStates hidden = calibration.OpenHidden(source.Spec.Blocks.Length - 1, backward.Windows);
        using HiddenStates gradient = backward.OpenGradient(0);
        using VocabularyMoments moments = VocabularyCalibrator.Run(
            new DecoderExecutor(source.Spec, new WeightLoader(source.Checkpoint)), windows, hidden, gradient, context.Units, context.CancellationToken);
        moments.EnsureFinite(-1);
        source.Checkpoint.DropResidentPages();
        return context.Put(MomentsFile, moments.Save);
    }
}
