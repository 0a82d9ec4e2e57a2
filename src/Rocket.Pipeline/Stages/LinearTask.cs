using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;
using TorchSharp;

namespace Rocket.Pipeline.Stages;

/// <summary>What profiling and factorizing a linear have in common: the key of its inputs and its prepared factorizer.</summary>
/// <param name="source">The source model.</param>
/// <param name="calibration">Where the moments of inputs come from.</param>
/// <param name="method">How errors are weighed.</param>
/// <param name="backward">Where the moments of output gradients come from; null: the method uses none.</param>
/// <param name="vocabulary">Where those of embedding and head come from; null: they are no candidates.</param>
public sealed class LinearTask(SourceModel source, ICalibration calibration, MethodManifest method, IBackwardPass? backward, VocabularyStage? vocabulary)
{
    // Another number means other options from the same inputs; the paper's method has none.
    private const string MethodVersion = "rocket/3";

    // The same for relative errors weighed by gradients, a step that studies take.
    private const int RelativeErrorsVersion = 2;

    /// <summary>Adds what every action on a linear depends on: the moments' keys, and the weight with its place.</summary>
    public KeyBuilder AddTo(KeyBuilder key, BlockSpec block, LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(linear);
        if (linear.IsOfVocabulary)
        {
            bool isHead = linear == source.Spec.HeadMatrix;
            bool isEmbedding = linear == source.Spec.EmbeddingMatrix;
            return key.Add("moments", vocabulary!.KeyOf()).Add("weight", source.DigestOf(linear.Tensor)).Add("uses", $"{(isEmbedding ? "embedding" : "")} {(isHead ? "head" : "")}");
        }

        KeyBuilder weight = new KeyBuilder("linear", 1)
            .Add("weight", source.DigestOf(linear.Tensor))
            .Add("firstRow", linear.Fused?.FirstRow ?? 0)
            .Add("rows", linear.DOut)
            .Add("input", linear.Input.ToString());
        LinearSpec[] parts = PartsOf(block, linear);
        if (parts.Length > 1)
        {
            weight.Add("parts", string.Join(' ', parts.Select(part => part.DOut)));
        }

        if (linear.Input.Expert >= 0)
        {
            weight.Add("tokensPerFeature", ExpertMoments.TokensPerFeature);
        }

        key.Add("moments", calibration.KeyOf(block.Index)).Add("linear", weight.Build());
        if (!method.IsPaper)
        {
            key.Add("method", MethodVersion).Add("outputs", backward?.KeyOf(block.Index).ToString() ?? "none");
            if (method.Steps != FactorizationSteps.All)
            {
                key.Add("steps", $"{method.Steps.WeighsRows} {method.Steps.WeighsLinears} {method.Steps.Refines}");
                if (!method.Steps.WeighsLinears)
                {
                    key.Add("relativeErrors", RelativeErrorsVersion);
                }
            }
        }

        return key;
    }

    /// <summary>Calibration tokens that reached the linear of an expert, 0 where none of the windows that are run backwards did; null: every token reaches it.</summary>
    public long? TokensOf(BlockSpec block, LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(linear);
        return linear.Input.Expert < 0 ? null
            : backward is not null && OutputMoments.LoadTokens(backward.Moments(block.Index), PartsOf(block, linear)[0]) == 0 ? 0
            : BlockMoments.LoadTokens(calibration.Moments(block.Index), linear.Input);
    }

    /// <summary>Loads weight and moments; null where no token reached the linear: it has no prediction and stays dense.</summary>
    /// <param name="block">The linear's block.</param>
    /// <param name="linear">The linear.</param>
    /// <param name="behind">Moments of the block's inputs behind compressed blocks: the linear is then factorized for those. An expert that none of those tokens reaches keeps the dense model's.</param>
    /// <param name="waypoints">What earlier walks over the same linear left; null: nothing.</param>
    public ILinearFactorizer? Prepare(BlockSpec block, LinearSpec linear, BlockMoments? behind = null, IWaypoints? waypoints = null)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(linear);
        if (linear.IsOfVocabulary)
        {
            return vocabulary!.Prepare(linear);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        LinearSpec[] parts = PartsOf(block, linear);
        (torch.Tensor Squares, long Tokens)? outputs = backward is null ? null : Outputs(backward.Moments(block.Index), parts);
        (torch.Tensor Gram, long Tokens)? seen = (behind is null ? null : ExpertMoments.Of(behind, linear.Input)) ?? ExpertMoments.Load(calibration.Moments(block.Index), linear.Input);
        if (seen is not { } moments || (backward is not null && outputs is null))
        {
            return null;
        }

        torch.Tensor weight = new WeightLoader(source.Checkpoint).Load(linear);

        // What is mapped counts as the process's memory, and a model has as many linears as it is deep.
        source.Checkpoint.Get(linear.Tensor).DropResidentPages();
        TensorType type = FactorType(source, linear);
        if (method.IsPaper)
        {
            return new DictionaryFactorizer(weight, moments.Gram, moments.Tokens, type, linear.Key);
        }

        long tokens = calibration.Windows.Sum(window => (long)window.Length);
        return new LinearFactorizer(LinearStatistics.Create(weight, moments.Gram, moments.Tokens, tokens, outputs, type, linear.Key, [.. parts.Select(part => part.DOut)], method.Steps), waypoints);
    }

    /// <summary>Type of a linear's factors: the source's own; one that libtorch computes with but no reader of factors knows becomes F32.</summary>
    public static TensorType FactorType(SourceModel source, LinearSpec linear)
        => source.Checkpoint.Get(linear.Tensor).Info.Type is var type && type is TensorType.F16 or TensorType.BF16 ? type : TensorType.F32;

    /// <summary>The linears that a fused weight holds; any other linear is its only part.</summary>
    internal static LinearSpec[] PartsOf(BlockSpec block, LinearSpec linear)
        => block.FusedWeights.FirstOrDefault(fused => fused.Whole == linear) is { } fused ? [.. fused.Parts] : [linear];

    // Parts of a fused weight read one input, so the same tokens reach them all.
    private static (torch.Tensor Squares, long Tokens)? Outputs(string path, LinearSpec[] parts)
    {
        (torch.Tensor Squares, long Tokens)?[] own = [.. parts.Select(part => OutputMoments.Load(path, part))];
        return own.Any(moments => moments is null) ? null : (torch.cat([.. own.Select(moments => moments!.Value.Squares)]), own[0]!.Value.Tokens);
    }
}
