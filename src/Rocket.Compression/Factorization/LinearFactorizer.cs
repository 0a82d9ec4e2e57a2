using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>Writes a linear in any form, with errors weighed by its output gradients. A form is prepared when it is first asked for.</summary>
public sealed class LinearFactorizer : ILinearFactorizer
{
    private readonly Lazy<SparseFactorizer> _sparse;
    private readonly Lazy<WeightedDictionaryFactorizer> _dictionary;

    /// <summary>Takes a linear.</summary>
    /// <param name="statistics">The linear; owned from here on.</param>
    public LinearFactorizer(LinearStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        Statistics = statistics;
        _sparse = new Lazy<SparseFactorizer>(() => new SparseFactorizer(statistics), LazyThreadSafetyMode.None);
        _dictionary = new Lazy<WeightedDictionaryFactorizer>(() => new WeightedDictionaryFactorizer(statistics), LazyThreadSafetyMode.None);
    }

    /// <summary>The linear.</summary>
    public LinearStatistics Statistics { get; }

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice) => Of(choice).Evaluate(choice);

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice) => Of(choice).Factorize(choice);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_sparse.IsValueCreated)
        {
            _sparse.Value.Dispose();
        }

        if (_dictionary.IsValueCreated)
        {
            _dictionary.Value.Dispose();
        }

        Statistics.Dispose();
    }

    private ILinearFactorizer Of(LinearOption choice) => choice is SparseOption ? _sparse.Value : _dictionary.Value;
}
