using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Norms over the last dimension, as transformers computes them in float32.</summary>
internal static class Normalization
{
    /// <summary>The factor of a norm: the stored weight, or 1 + it.</summary>
    public static Tensor LoadFactor(NormSpec norm, WeightLoader loader)
    {
        Tensor weight = loader.Load(norm.Tensor);
        return norm.UnitOffset ? weight.PlusInPlace(1) : weight;
    }

    /// <summary>Normalises x <c>[.., size]</c> and multiplies by the factor.</summary>
    public static Tensor Apply(NormSpec norm, Tensor factor, Tensor? bias, Tensor x)
    {
        Tensor centred = norm.Kind == NormKind.Layer ? x - x.mean([-1], keepdim: true) : x;
        Tensor scale = centred.Squared().mean([-1], keepdim: true).PlusInPlace(norm.Epsilon).rsqrt_();
        Tensor normed = centred * scale * factor;
        return bias is null ? normed : normed.Plus(bias);
    }

    /// <summary>The same with a block's weights; x itself where there is no norm.</summary>
    public static Tensor Apply(NormSpec? norm, BlockWeights weights, Tensor x)
        => norm is null ? x : Apply(norm, weights[norm], norm.Bias is null ? null : weights.BiasOf(norm), x);
}
