using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>What a build from an empty store is expected to take, reckoned from shapes alone.</summary>
/// <param name="Calibrate">Wall time of the calibration.</param>
/// <param name="Backward">Wall time of the backward pass.</param>
/// <param name="Profile">Wall time of the profiles.</param>
/// <param name="PeakMemory">Largest resident memory, bytes.</param>
public sealed record RunEstimate(TimeSpan Calibrate, TimeSpan Backward, TimeSpan Profile, long PeakMemory)
{
    // Float32 products of these sizes on one core of a server of 2024; a faster machine is faster.
    private const double FlopsPerThread = 4.5e10;

    // A pass over the columns, the fits of what stays, on the way and at the end, and the error: flops over d_out d_in^2.
    private const double SparseProducts = 18;

    // A pass over the columns, its residual, the sweeps over the codes, and the error.
    private const double CodeProducts = 13;

    /// <summary>All three stages.</summary>
    public TimeSpan Total => Calibrate + Backward + Profile;

    /// <summary>Reckons time and memory.</summary>
    /// <param name="source">The source model.</param>
    /// <param name="candidates">What is profiled.</param>
    /// <param name="sample">The calibration windows.</param>
    /// <param name="backwardSamples">How many of them are run backwards.</param>
    /// <param name="grids">The options of every kind of profile.</param>
    /// <param name="memory">What the stages take.</param>
    /// <param name="units">Units at work at once in a stage.</param>
    public static RunEstimate For(
        SourceModel source, LinearCandidates candidates, CalibrationSample sample, int backwardSamples, IEnumerable<OptionGrid> grids, RunMemory memory, Func<string, ParallelUnits> units)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(grids);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(units);
        long tokens = sample.Windows.Sum(window => (long)window.Length);
        long length = sample.Windows.Max(window => window.Length);
        double calibrate = source.Spec.Blocks.Sum(block => BlockFlops(block, tokens, length));
        double profile = grids.Sum(grid => candidates.All.Sum(l => ProfileFlops(l.Linear, grid)));
        double Seconds(double flops, string stage) => flops / (FlopsPerThread * units(stage).Threads);
        return new RunEstimate(
            TimeSpan.FromSeconds(Seconds(calibrate, CalibrateStage.Name)),
            TimeSpan.FromSeconds(Seconds(backwardSamples * length * BackwardFlopsPerToken(source, length), BackwardStage.Name)),
            TimeSpan.FromSeconds(Seconds(profile, ProfileStage.Name)),
            memory.Stages.Max(stage => stage.Value.With(units(stage.Key).Threads)));
    }

    // Forward once more, and the gradients of the inputs: the weights need none.
    private static double BackwardFlopsPerToken(SourceModel source, long length)
    {
        double linears = source.Spec.Blocks.Sum(block => block.CompressibleLinears.Sum(linear => 4.0 * linear.Parameters * Share(block, linear)));
        double attention = source.Spec.Blocks.Sum(block => 12.0 * length * block.Attention.Heads * block.Attention.HeadSize);
        return linears + attention + (4.0 * source.Spec.VocabularySize * source.Spec.HiddenSize);
    }

    private static double BlockFlops(BlockSpec block, long tokens, long length)
    {
        double linears = block.CompressibleLinears.Sum(linear => 2.0 * linear.Parameters * Share(block, linear));
        double grams = block.CompressibleLinears.DistinctBy(linear => linear.Input).Sum(linear => 1.2 * linear.DIn * linear.DIn * Share(block, linear));
        double attention = 4.0 * length * block.Attention.Heads * block.Attention.HeadSize;
        return tokens * (linears + grams + attention);
    }

    private static double Share(BlockSpec block, LinearSpec linear)
        => linear.Input.Expert < 0 || block.FeedForward.Router is not { } router ? 1 : (double)router.TopK / block.FeedForward.Experts.Length;

    /// <summary>Float operations that the options of one linear take.</summary>
    internal static double ProfileFlops(LinearSpec linear, OptionGrid grid)
    {
        double dIn = linear.DIn;
        double dOut = linear.DOut;
        if (linear.IsOfVocabulary)
        {
            return grid.OptionsOfVocabulary().Count() * CodeProducts * dOut * dIn * dIn;
        }

        int coded = grid.Quantizations.IsEmpty ? 0 : grid.OptionsOf(linear.DIn, linear.DOut).Count(option => option is not DictionaryOption);
        double flops = ((grid.SparseOptionsOf(linear.DIn, linear.DOut).Count() * SparseProducts) + (coded * CodeProducts)) * dOut * dIn * dIn;
        DictionaryOption[] dictionaries = [.. grid.DictionariesOf(linear.DIn, linear.DOut)];
        double evaluated = (double)grid.EvaluatedOf(dictionaries.Length) / Math.Max(dictionaries.Length, 1);
        foreach (DictionaryOption option in dictionaries)
        {
            double k = option.K;
            flops += evaluated * ((4 * k * dIn * dOut) + (4 * k * k * dOut) + (2 * k * dIn * dIn) + (6 * k * k * dIn));
        }

        double smaller = Math.Min(dIn, dOut);
        return flops + (25 * smaller * smaller * smaller);
    }
}
