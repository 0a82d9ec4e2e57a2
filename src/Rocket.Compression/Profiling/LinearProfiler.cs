using System.Collections.Immutable;
using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>Evaluates every option of the grid for one linear.</summary>
public static class LinearProfiler
{
    /// <summary>The profile of a linear that a factorizer was prepared for.</summary>
    /// <param name="factorizer">The prepared linear.</param>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    /// <param name="grid">Which options.</param>
    /// <param name="cancellationToken">Checked between options.</param>
    public static LinearProfile Profile(DictionaryFactorizer factorizer, int dIn, int dOut, OptionGrid grid, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(factorizer);
        ArgumentNullException.ThrowIfNull(grid);
        var options = ImmutableArray.CreateBuilder<ProfiledOption>();
        options.Add(ProfiledOption.Dense((long)dIn * dOut));

        // Small linears meet the same k and s at several points of the grid.
        var known = new Dictionary<(int K, int S), FactorizationErrors>();
        foreach (DictionaryOption option in grid.OptionsOf(dIn, dOut))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.TryGetValue((option.K, option.S), out FactorizationErrors errors))
            {
                errors = factorizer.Evaluate(option.K, option.S);
                known.Add((option.K, option.S), errors);
            }

            options.Add(new ProfiledOption(option, option.Parameters(dIn, dOut), errors));
        }

        return new LinearProfile(dIn, dOut, options.ToImmutable());
    }
}
