using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>Writes a linear in any form, with errors weighed by its output gradients. A form is prepared when it is first asked for.</summary>
public sealed class LinearFactorizer : ILinearFactorizer, IOutlinesDictionaries
{
    private readonly Lazy<SparseFactorizer> _sparse;
    private readonly Lazy<QuantizedFactorizer> _quantized;
    private readonly Lazy<WeightedDictionaryFactorizer> _dictionary;

    /// <summary>Takes a linear.</summary>
    /// <param name="statistics">The linear; owned from here on.</param>
    /// <param name="waypoints">What earlier walks over the same linear left; null: nothing.</param>
    public LinearFactorizer(LinearStatistics statistics, IWaypoints? waypoints = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        Statistics = statistics;
        _sparse = new Lazy<SparseFactorizer>(() => new SparseFactorizer(statistics, waypoints), LazyThreadSafetyMode.None);
        _quantized = new Lazy<QuantizedFactorizer>(() => new QuantizedFactorizer(statistics, _sparse.Value), LazyThreadSafetyMode.None);
        _dictionary = new Lazy<WeightedDictionaryFactorizer>(() => new WeightedDictionaryFactorizer(statistics), LazyThreadSafetyMode.None);
    }

    /// <summary>The linear.</summary>
    public LinearStatistics Statistics { get; }

    /// <inheritdoc/>
    public DictionaryOutlines Outlines => _dictionary.Value.Outlines;

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice) => choice switch
    {
        DictionaryOption => _dictionary.Value.Evaluate(choice),
        { Quantization: null } => _sparse.Value.Evaluate(choice),
        _ => _quantized.Value.Solve(choice).Errors,
    };

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice) => choice switch
    {
        DictionaryOption => _dictionary.Value.Factorize(choice),
        { Quantization: null } => _sparse.Value.Factorize(choice),
        _ => _quantized.Value.Factorize(choice),
    };

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
}
