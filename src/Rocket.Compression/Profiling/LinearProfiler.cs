using System.Collections.Immutable;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Profiling;

/// <summary>Evaluates the options of the grid for one linear.</summary>
public static class LinearProfiler
{
    /// <summary>The profile of a linear that a factorizer was prepared for.</summary>
    /// <param name="factorizer">The prepared linear.</param>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    /// <param name="grid">Which options.</param>
    /// <param name="bound">What a dictionary of k atoms loses at least; null: every option is evaluated.</param>
    /// <param name="cancellationToken">Checked between options.</param>
    /// <remarks>
    /// A dictionary whose bound is no better than what another option loses for fewer parameters and a smaller mask is in no plan's interest:
    /// it is left out unseen.
    /// </remarks>
    public static LinearProfile Profile(ILinearFactorizer factorizer, int dIn, int dOut, OptionGrid grid, RankBound? bound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(factorizer);
        ArgumentNullException.ThrowIfNull(grid);
        var options = ImmutableArray.CreateBuilder<ProfiledOption>();
        options.Add(ProfiledOption.Dense((long)dIn * dOut));

        // Small linears meet the same k and s at several points of the grid.
        var known = new Dictionary<(int K, int S, Quantization?), FactorizationErrors>();
        foreach (LinearOption option in grid.OptionsOf(dIn, dOut))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long parameters = option.Parameters(dIn, dOut);
            if (option is not DictionaryOption dictionary)
            {
                options.Add(new ProfiledOption(option, parameters, factorizer.Evaluate(option)));
                continue;
            }

            if (bound is not null && IsDominated(options, dIn, dOut, dictionary, bound.Of(dictionary.K)))
            {
                continue;
            }

            if (!known.TryGetValue((dictionary.K, dictionary.S, dictionary.Quantization), out FactorizationErrors errors))
            {
                errors = factorizer.Evaluate(option);
                known.Add((dictionary.K, dictionary.S, dictionary.Quantization), errors);
            }

            options.Add(new ProfiledOption(option, parameters, errors));
        }

        return new LinearProfile(dIn, dOut, options.ToImmutable());
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
