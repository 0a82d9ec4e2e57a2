using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;
using TorchSharp;

namespace Rocket.Pipeline.Stages;

/// <summary>What profiling and factorizing a linear have in common: its key and its prepared factorizer.</summary>
internal static class LinearTask
{
    /// <summary>Key of the weight: its tensor, which rows of it, and which input it reads.</summary>
    public static Digest KeyOf(LinearSpec linear, SourceModel source)
    {
        KeyBuilder key = new KeyBuilder("linear", 1)
            .Add("weight", source.DigestOf(linear.Tensor))
            .Add("firstRow", linear.Fused?.FirstRow ?? 0)
            .Add("rows", linear.DOut)
            .Add("input", linear.Input.ToString());
        return (linear.Input.Expert < 0 ? key : key.Add("tokensPerFeature", ExpertMoments.TokensPerFeature)).Build();
    }

    /// <summary>Calibration tokens that reached the linear of an expert; null: every token reaches it.</summary>
    public static long? TokensOf(BlockSpec block, LinearSpec linear, CalibrateStage calibration)
        => linear.Input.Expert < 0 ? null : BlockMoments.LoadTokens(calibration.Moments(block.Index), linear.Input);

    /// <summary>Loads weight and moments and decomposes them; null where no token reached the linear: it has no prediction and stays dense.</summary>
    public static DictionaryFactorizer? Prepare(BlockSpec block, LinearSpec linear, SourceModel source, CalibrateStage calibration)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (ExpertMoments.Load(calibration.Moments(block.Index), linear.Input) is not { } moments)
        {
            return null;
        }

        torch.Tensor weight = new WeightLoader(source.Checkpoint).Load(linear);
        return new DictionaryFactorizer(weight, moments.Gram, moments.Tokens, FactorType(source, linear), linear.Key);
    }

    // Factors are stored in the source's own type; one that libtorch computes with but no reader of factors knows becomes F32.
    private static TensorType FactorType(SourceModel source, LinearSpec linear)
        => source.Checkpoint.Get(linear.Tensor).Info.Type is var type && type is TensorType.F16 or TensorType.BF16 ? type : TensorType.F32;
}
