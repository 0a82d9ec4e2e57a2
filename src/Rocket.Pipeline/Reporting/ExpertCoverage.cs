using System.Collections.Immutable;
using Rocket.Compression.Calibration;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Reporting;

/// <summary>The experts of a model's mixtures that the calibration text hardly reached.</summary>
/// <param name="Unreached">Experts that saw no token, by module name: they stay dense.</param>
/// <param name="Few">Experts that saw too few tokens for moments of their own, by module name.</param>
public sealed record ExpertCoverage(ImmutableArray<string> Unreached, ImmutableArray<string> Few)
{
    /// <summary>Most experts that a sentence names.</summary>
    private const int MostNamed = 8;

    /// <summary>What a plan knows of its experts, in the order of execution.</summary>
    public static ExpertCoverage Of(CompressionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(
            [.. plan.Entries.Where(entry => entry.Tokens == 0).Select(Module).Distinct(StringComparer.Ordinal)],
            [.. plan.Entries.Where(entry => entry.Tokens is > 0 and var tokens && ExpertMoments.AreFew(tokens, entry.DIn)).Select(Module).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The same as sentences for people; none where every expert saw enough.</summary>
    public IEnumerable<string> Sentences()
    {
        if (!Unreached.IsEmpty)
        {
            yield return $"{Count(Unreached)} saw no token of the calibration text, or of its windows that are run backwards, and stay dense: {Names(Unreached)}. More or other text would reach them.";
        }

        if (!Few.IsEmpty)
        {
            yield return $"{Count(Few)} saw fewer than {ExpertMoments.TokensPerFeature} tokens for every dimension of an input; their moments are shrunk towards their layer's.";
        }
    }

    private static string Count(ImmutableArray<string> experts) => experts.Length == 1 ? "1 expert" : $"{experts.Length} experts";

    private static string Names(ImmutableArray<string> experts)
        => string.Join(", ", experts.Take(MostNamed)) + (experts.Length > MostNamed ? $" and {experts.Length - MostNamed} more" : "");

    private static string Module(PlanEntry entry) => entry.Linear[..entry.Linear.LastIndexOf('.')];
}
