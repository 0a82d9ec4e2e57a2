using Rocket.Compression.Factorization;
using Rocket.Compression.Native;
using Rocket.Compression.Profiling;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Benchmarks;

/// <summary>Rocket's profile by the paper's method beside the reference's sequence of operations for the same options, on one thread through the same libtorch.</summary>
/// <remarks>
/// The reference takes minutes a linear. Every nineteenth of its candidates is run, from the tenth on: the grid goes ratio by ratio with up to 21 rhos each, so all ratios
/// and many rhos are met. Their time is scaled up to all candidates; what is done once, the decomposition and S^-1, is run in full. Weights and inputs are drawn from a seed.
/// </remarks>
internal static class Reference
{
    private const int Stride = 19;
    private const int First = 9;

    private static readonly (int DOut, int DIn)[] Shapes = [(1024, 1024), (576, 1536), (1536, 576), (1024, 4096)];

    /// <summary>Runs the shapes, or one that is named.</summary>
    public static void Run((int DOut, int DIn)? shape)
    {
        LibTorch.Load();
        set_num_threads(1);
        var clock = new Clock(1);
        Console.WriteLine($"{clock.Name}; the reference: every {Stride}th candidate, scaled up, and what it does once");
        foreach ((int dOut, int dIn) in shape is { } one ? [one] : Shapes)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor weight, Tensor gram, int tokens) = Draw(dOut, dIn);
            DictionaryOption[] options = [.. OptionGrid.Paper.DictionariesOf(dIn, dOut)];
            DictionaryOption[] subset = [.. options.Where((_, n) => n % Stride == First)];

            var reference = new ReferenceSequence(weight, gram);
            double once = clock.Measure(reference.Prepare);
            double candidates = clock.Measure(() => Array.ForEach(subset, option => reference.Run(option.K, option.S)));
            double all = once + (candidates * options.Length / subset.Length);

            LinearProfile? profile = null;
            double prepared = 0;
            double profiled = clock.Measure(() =>
            {
                DictionaryFactorizer? factorizer = null;
                prepared = clock.Measure(() => factorizer = new DictionaryFactorizer(weight, gram, tokens, TensorType.BF16, "linear"));
                using (factorizer)
                {
                    profile = LinearProfiler.Profile(factorizer!, dIn, dOut, OptionGrid.Paper, null, default);
                }
            });
            LinearProfile? few = null;
            double surveyed = clock.Measure(() =>
            {
                using var factorizer = new DictionaryFactorizer(weight, gram, tokens, TensorType.BF16, "linear");
                few = LinearProfiler.Profile(factorizer, dIn, dOut, OptionGrid.Paper with { IsSurveyed = true }, null, default);
            });
            double apart = profile!.Options.Zip(few!.Options).Skip(1).Max(pair => Difference(pair.Second.Errors, pair.First.Errors));
            using var exact = new ExactErrors(weight, gram, tokens);
            double worst = subset.Max(option => Difference(profile!.Options.First(found => option == found.Option).Errors, exact.Of(option.K, option.S)));
            Console.WriteLine(
                $"[{dOut}, {dIn}] {options.Length} options: the reference {all:f1} s ({once:f2} s once, {subset.Length} candidates {candidates:f2} s), Rocket {profiled:f2} s ({prepared:f2} s once), {all / profiled:f1} x; whitened errors within {100 * worst:g2} % of exact ones; {few.Options.Count(option => !option.IsRead) - 1} evaluated and the others read from a surface {surveyed:f2} s, {all / surveyed:f1} x, within {100 * apart:g2} % of all evaluated");
        }
    }

    private static double Difference(FactorizationErrors found, FactorizationErrors exact) => Math.Abs(found.Whitened - exact.Whitened) / exact.Whitened;

    // Singular values that fall as a power, and features of different size that share directions.
    private static (Tensor Weight, Tensor Gram, int Tokens) Draw(int dOut, int dIn)
    {
        random.manual_seed(1);
        int rank = Math.Min(dOut, dIn);
        int tokens = 4 * dIn;
        using Tensor decay = arange(1, rank + 1, ScalarType.Float32).pow(-0.5f);
        using Tensor weight = randn(dOut, rank).mul(decay).mm(randn(rank, dIn)).to_type(ScalarType.BFloat16);
        using Tensor x = randn(tokens, dIn).mm(randn(dIn, dIn)).mul(rand(dIn)).to_type(ScalarType.Float64);
        return (weight.to_type(ScalarType.Float32), x.t().mm(x), tokens);
    }
}
