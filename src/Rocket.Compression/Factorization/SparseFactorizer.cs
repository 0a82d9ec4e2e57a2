using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Writes a linear as itself with entries removed: pruned step by step, refined, then rounded to the stored type.</summary>
public sealed class SparseFactorizer : ILinearFactorizer
{
    private readonly LinearStatistics _statistics;
    private readonly PruningPath _path;

    /// <summary>Prepares a linear: the inverse of its Gram matrix, factored.</summary>
    /// <param name="statistics">The linear; not owned.</param>
    /// <param name="waypoints">What earlier walks over the same linear left; null: nothing.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public SparseFactorizer(LinearStatistics statistics, IWaypoints? waypoints = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        _statistics = statistics;
        Inverse = InverseGram.Of(statistics);
        Meter = new ErrorMeter(statistics);
        _path = new PruningPath(statistics.Weight, Meter.Gram, new ColumnPruner(statistics, Inverse), statistics.Steps.Refines, waypoints);
    }

    /// <summary>The inverse Gram matrix.</summary>
    internal InverseGram Inverse { get; }

    /// <summary>Measures errors.</summary>
    internal ErrorMeter Meter { get; }

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        return Meter.Measure(Solve(choice));
    }

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = Solve(choice);
        LinearFactors factors = LinearFactors.Pack(weight.Elements<float>(), [], _statistics.DIn, _statistics.DOut, _statistics.DIn, _statistics.Type);
        return (factors, Meter.Measure(weight));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _path.Dispose();
        Inverse.Dispose();
        Meter.Dispose();
    }

    /// <summary>W with so many entries left, refined, in float32 <c>[d_out, d_in]</c>; this object's, and valid until another number is asked for.</summary>
    internal Tensor Refined(long kept) => _path.At(kept);

    private Tensor Solve(LinearOption choice)
    {
        Tensor refined = Refined(((SparseOption)choice).NonZeros);
        return _statistics.Type == TensorType.F32
            ? refined
            : refined.to_type(_statistics.Type.ToScalarType()).to_type(ScalarType.Float32).contiguous();
    }
}
