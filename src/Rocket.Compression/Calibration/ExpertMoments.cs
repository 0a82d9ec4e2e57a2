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

    // Begins the names of the inputs of the experts' down projections.
    private static readonly string Down = $"{new InputSlot(InputKind.FeedForwardDown)}.";

    /// <summary>Whether so many tokens are too few for an input of <paramref name="dIn"/> dimensions.</summary>
    public static bool AreFew(long tokens, int dIn) => tokens < (long)TokensPerFeature * dIn;

    /// <summary>Reads one input's moments from a file of <see cref="MomentSums.Save"/>.</summary>
    /// <returns>G' (the caller's) and the number of tokens that it counts for; null where no token reached the input.</returns>
    public static (Tensor Gram, long Tokens)? Load(string path, InputSlot slot)
        => Enough(BlockMoments.Load(path, slot), slot, input => BlockMoments.Load(path, input), () => EnergiesIn(path), path);

    /// <summary>The same of moments in memory.</summary>
    /// <returns>G' (the caller's) and the number of tokens that it counts for; null where no token reached the input.</returns>
    public static (Tensor Gram, long Tokens)? Of(BlockMoments moments, InputSlot slot)
    {
        ArgumentNullException.ThrowIfNull(moments);
        return Enough(Copy(slot), slot, Copy, () => EnergiesOf(moments), "the block");

        (Tensor, long)? Copy(InputSlot input) => moments.Gram(input) is { } gram ? (gram.clone(), moments.Tokens(input)) : null;
    }

    private static (Tensor Gram, long Tokens)? Enough(
        (Tensor Gram, long Tokens)? seen, InputSlot slot, Func<InputSlot, (Tensor Gram, long Tokens)?> read, Func<IEnumerable<(double[] Energies, long Tokens)>> energies, string origin)
    {
        if (seen is not { } own || slot.Expert < 0 || !AreFew(own.Tokens, (int)own.Gram.shape[0]))
        {
            return seen;
        }

        int dIn = (int)own.Gram.shape[0];
        long enough = (long)TokensPerFeature * dIn;
        using (own.Gram)
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor layer = slot.Kind == InputKind.FeedForward ? MeanOfAllTokens(read, origin) : MeanEnergy(energies(), dIn);
            Tensor filled = own.Gram.Plus(layer.Times(enough - own.Tokens));
            return (filled.TimesInPlace((double)own.Tokens / enough).MoveToOuterDisposeScope(), own.Tokens);
        }
    }

    // Gate and up read what the router reads, and that sees every token.
    private static Tensor MeanOfAllTokens(Func<InputSlot, (Tensor Gram, long Tokens)?> read, string origin)
    {
        (Tensor gram, long tokens) = read(new InputSlot(InputKind.FeedForward)) ?? throw new InvalidDataException($"'{origin}' holds experts' moments and none of the router.");
        return gram.TimesInPlace(1.0 / tokens);
    }

    // The hidden units of one expert have no counterpart in another: all that carries over is the mean energy of a unit.
    private static Tensor MeanEnergy(IEnumerable<(double[] Energies, long Tokens)> experts, int dIn)
    {
        double energy = 0;
        long all = 0;
        foreach ((double[] energies, long tokens) in experts)
        {
            energy = energies.Aggregate(energy, (sum, unit) => sum + unit);
            all += tokens;
        }

        return eye(dIn, dtype: ScalarType.Float64).TimesInPlace(energy / ((double)all * dIn));
    }

    private static IEnumerable<(double[] Energies, long Tokens)> EnergiesOf(BlockMoments moments)
    {
        foreach (string name in moments.Names.Where(name => name.StartsWith(Down, StringComparison.Ordinal)))
        {
            (Tensor gram, long tokens) = moments.Named(name);
            using Tensor diagonal = gram.diagonal().contiguous();
            yield return (diagonal.Elements<double>().ToArray(), tokens);
        }
    }

    private static IEnumerable<(double[] Energies, long Tokens)> EnergiesIn(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (string name in file.Tensors.Select(tensor => tensor.Name).Where(name => name.StartsWith(BlockMoments.Prefix + Down, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            TensorView gram = file.Get(name);
            int dIn = (int)gram.Info.Shape[0];
            double[] energies = [.. Enumerable.Range(0, dIn).Select(i => MemoryMarshal.Cast<byte, double>(gram.Bytes)[(i * dIn) + i])];
            yield return (energies, MomentSums.TokensIn(file, name[BlockMoments.Prefix.Length..]));
        }
    }
}
