using System.Collections.Immutable;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Profiling;

/// <summary>Evaluates the options of the grid for one linear.</summary>
public static class LinearProfiler
{
    /// <summary>Another number means other errors of the dictionaries that a survey does not evaluate.</summary>
    public const int SurveyVersion = 1;

    /// <summary>Another number means other dictionaries left out beside sparse forms.</summary>
    public const int BoundVersion = 2;

    /// <summary>The profile of a linear that a factorizer was prepared for.</summary>
    /// <param name="factorizer">The prepared linear.</param>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    /// <param name="grid">Which options.</param>
    /// <param name="bound">What a dictionary of k atoms loses at least; null: every option is evaluated.</param>
    /// <param name="cancellationToken">Checked between options.</param>
    /// <remarks>
    /// A dictionary whose bound is no better than what a sparse or dense option loses for fewer parameters and a smaller mask is in no plan's interest:
    /// it is left out unseen.
    /// </remarks>
    public static LinearProfile Profile(ILinearFactorizer factorizer, int dIn, int dOut, OptionGrid grid, RankBound? bound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(factorizer);
        ArgumentNullException.ThrowIfNull(grid);
        var options = ImmutableArray.CreateBuilder<ProfiledOption>();
        options.Add(ProfiledOption.Dense((long)dIn * dOut));
        LinearOption[] all = [.. grid.OptionsOf(dIn, dOut)];
        options.AddRange(all.Where(option => option is not DictionaryOption).Select(option => new ProfiledOption(option, option.Parameters(dIn, dOut), Evaluate(option))));
        DictionaryOption[] useful = [.. all.OfType<DictionaryOption>().Where(dictionary => bound is null || !IsDominated(options, dIn, dOut, dictionary, bound.Of(dictionary.K)))];

        // A survey is of one type of values.
        Func<DictionaryOutlines>? outlines = grid.IsSurveyed && factorizer is IOutlinesDictionaries known ? () => known.Outlines : null;
        var profiled = useful.GroupBy(dictionary => dictionary.Quantization).SelectMany(group => Survey(group.Key, [.. group])).ToDictionary(option => option.Option!);
        options.AddRange(useful.Select(dictionary => profiled[dictionary]));
        return new LinearProfile(dIn, dOut, options.ToImmutable());

        FactorizationErrors Evaluate(LinearOption option)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return factorizer.Evaluate(option);
        }

        IEnumerable<ProfiledOption> Survey(Quantization? quantization, DictionaryOption[] own) => DictionarySurvey
            .Run(own, (k, s) => Evaluate(new DictionaryOption(0, 0, k, s) { Quantization = quantization }), outlines)
            .Zip(own, (found, option) => new ProfiledOption(option, option.Parameters(dIn, dOut), found.Errors) { IsRead = found.IsRead });
    }

    /// <summary>The profile of an embedding or a head.</summary>
    /// <param name="factorizer">The prepared matrix.</param>
    /// <param name="dIn">Columns of the matrix.</param>
    /// <param name="dOut">Rows of the matrix.</param>
    /// <param name="grid">Which codes.</param>
    /// <param name="cancellationToken">Checked between options.</param>
    public static LinearProfile ProfileVocabulary(ILinearFactorizer factorizer, int dIn, int dOut, OptionGrid grid, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(factorizer);
        ArgumentNullException.ThrowIfNull(grid);
        var options = ImmutableArray.CreateBuilder<ProfiledOption>();
        options.Add(ProfiledOption.Dense((long)dIn * dOut));
        foreach (LinearOption option in grid.OptionsOfVocabulary())
        {
            cancellationToken.ThrowIfCancellationRequested();
            options.Add(new ProfiledOption(option, option.Parameters(dIn, dOut), factorizer.Evaluate(option)));
        }

        return new LinearProfile(dIn, dOut, options.ToImmutable());
    }

    // Two bytes a value is the narrowest stored type: where an option is no larger under it, masks included, it is no larger under a wider one.
    private static bool IsDominated(IEnumerable<ProfiledOption> options, int dIn, int dOut, DictionaryOption dictionary, double least)
    {
        FactoredLinear layout = dictionary.Layout(dIn, dOut, TensorType.BF16);
        return options.Any(option => option.Errors.Loss <= least
            && option.Parameters <= layout.Parameters
            && (option.Option?.Layout(dIn, dOut, TensorType.BF16).ByteLength ?? 2 * option.Parameters) <= layout.ByteLength);
    }
}
