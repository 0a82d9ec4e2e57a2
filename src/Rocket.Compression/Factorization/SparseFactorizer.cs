using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Writes a linear as itself with entries removed: pruned in one pass, then refined, then rounded to the stored type.</summary>
public sealed class SparseFactorizer : ILinearFactorizer
{
    private readonly LinearStatistics _statistics;
    private readonly ColumnPruner _pruner;
    private readonly ErrorMeter _meter;

    /// <summary>Prepares a linear: the inverse of its Gram matrix, factored.</summary>
    /// <param name="statistics">The linear; not owned.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public SparseFactorizer(LinearStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        _statistics = statistics;
        _pruner = new ColumnPruner(statistics);
        _meter = new ErrorMeter(statistics);
    }

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        return _meter.Measure(Solve(choice));
    }

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = Solve(choice);
        LinearFactors factors = LinearFactors.Pack(weight.Elements<float>(), [], _statistics.DIn, _statistics.DOut, _statistics.DIn, _statistics.Type);
        return (factors, _meter.Measure(weight));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pruner.Dispose();
        _meter.Dispose();
    }

    private Tensor Solve(LinearOption choice)
    {
        var sparse = (SparseOption)choice;
        Tensor refined = SparseRefinement.Run(_statistics.Weight, _meter.Gram, _pruner.Prune(sparse.NonZeros));
        return _statistics.Type == TensorType.F32
            ? refined
            : refined.to_type(_statistics.Type.ToScalarType()).to_type(ScalarType.Float32).contiguous();
    }
}
