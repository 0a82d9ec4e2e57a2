using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Moments as factorization takes them: those of an expert that few tokens reached are shrunk towards its layer's.</summary>
/// <remarks>
/// n_e tokens reached the expert, T = 4 d_in are enough, C is the layer's mean moment of one token. For n_e &lt; T:
/// G' = (n_e / T) (G_e + (T - n_e) C), the sample filled up with T - n_e tokens of the layer and scaled back to n_e tokens. It is the posterior
/// mean under an inverse Wishart prior that counts as T - n_e tokens, and it meets G_e at n_e = T. Why 4 d_in: by the law of Marchenko and
/// Pastur the eigenvalues of a whitened sample of that size lie within (1 +- 1/2)^2 of the truth; below d_in tokens some are zero.
/// </remarks>
public static class ExpertMoments
{
    /// <summary>Tokens for every dimension of the input from which on an expert's moments stand for themselves.</summary>
    public const int TokensPerFeature = 4;

    /// <summary>Whether so many tokens are too few for an input of <paramref name="dIn"/> dimensions.</summary>
    public static bool AreFew(long tokens, int dIn) => tokens < (long)TokensPerFeature * dIn;

    /// <summary>Reads one input's moments from a file of <see cref="MomentSums.Save"/>.</summary>
    /// <returns>G' (the caller's) and the number of tokens that it counts for; null where no token reached the input.</returns>
    public static (Tensor Gram, long Tokens)? Load(string path, InputSlot slot)
    {
        if (BlockMoments.Load(path, slot) is not { } own)
        {
            return null;
        }

        int dIn = (int)own.Gram.shape[0];
        if (slot.Expert < 0 || !AreFew(own.Tokens, dIn))
        {
            return own;
        }

        long enough = (long)TokensPerFeature * dIn;
        using (own.Gram)
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor layer = slot.Kind == InputKind.FeedForward ? MeanOfAllTokens(path) : MeanEnergy(path, dIn);
            Tensor filled = own.Gram.Plus(layer.Times(enough - own.Tokens));
            return (filled.TimesInPlace((double)own.Tokens / enough).MoveToOuterDisposeScope(), own.Tokens);
        }
    }

    // Gate and up read what the router reads, and that sees every token.
    private static Tensor MeanOfAllTokens(string path)
    {
        (Tensor gram, long tokens) = BlockMoments.Load(path, new InputSlot(InputKind.FeedForward))
            ?? throw new InvalidDataException($"'{path}' holds experts' moments and none of the router.");
        return gram.TimesInPlace(1.0 / tokens);
    }

    // The hidden units of one expert have no counterpart in another: all that carries over is the mean energy of a unit.
    private static Tensor MeanEnergy(string path, int dIn)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string prefix = $"{BlockMoments.Prefix}{new InputSlot(InputKind.FeedForwardDown)}.";
        double energy = 0;
        long tokens = 0;
        foreach (TensorInfo info in file.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            ReadOnlySpan<double> gram = MemoryMarshal.Cast<byte, double>(file.Get(info.Name).Bytes);
            for (int i = 0; i < dIn; i++)
            {
                energy += gram[(i * dIn) + i];
            }

            tokens += MomentSums.TokensIn(file, info.Name[BlockMoments.Prefix.Length..]);
        }

        return eye(dIn, dtype: ScalarType.Float64).TimesInPlace(energy / ((double)tokens * dIn));
    }
}
