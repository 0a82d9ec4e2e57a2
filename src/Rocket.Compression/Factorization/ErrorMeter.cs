using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Measures what an approximation of a linear loses, by the residual itself.</summary>
internal sealed class ErrorMeter : IDisposable
{
    private const int TokensPerFeature = 8;

    private readonly LinearStatistics _statistics;
    private readonly Tensor _gram;
    private readonly Tensor _exactGram;
    private readonly Tensor _rowWeights;
    private readonly double _whitenedEnergy;
    private readonly double _energy;

    public ErrorMeter(LinearStatistics statistics)
    {
        using DisposeScope scope = NewDisposeScope();
        _statistics = statistics;
        _gram = statistics.Gram.to_type(ScalarType.Float32).DetachFromDisposeScope();

        // Where few tokens reach a linear a fit can hide in the directions that they leave open; what remains drowns in float32's rounding.
        bool isDeficient = statistics.Tokens < TokensPerFeature * statistics.DIn;
        _exactGram = isDeficient ? statistics.Gram.alias().DetachFromDisposeScope() : _gram;
        _rowWeights = statistics.RowWeights.ToTensor(ScalarType.Float32, statistics.DOut).DetachFromDisposeScope();
        Tensor weight = statistics.Weight;
        _whitenedEnergy = (weight.mm(_gram) * weight).sum(ScalarType.Float64).Value<double>();
        _energy = weight.Squared().sum(ScalarType.Float64).Value<double>();
    }

    /// <summary>Scaled G in float32 <c>[d_in, d_in]</c>.</summary>
    public Tensor Gram => _gram;

    /// <summary>The errors of W^, float32 <c>[d_out, d_in]</c>.</summary>
    public FactorizationErrors Measure(Tensor approximation)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residual = _statistics.Weight - approximation;
        Tensor exact = residual.to_type(_exactGram.dtype);
        Tensor rows = (exact.mm(_exactGram) * exact).sum(1).relu();
        double whitened = rows.sum(ScalarType.Float64).Value<double>();
        double weighed = (rows * _rowWeights).sum(ScalarType.Float64).Value<double>();
        double plain = residual.Squared().sum(ScalarType.Float64).Value<double>();
        return new FactorizationErrors(Root(whitened, _whitenedEnergy), Root(plain, _energy), weighed * _statistics.LossScale);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!ReferenceEquals(_exactGram, _gram))
        {
            _exactGram.Dispose();
        }

        _gram.Dispose();
        _rowWeights.Dispose();
    }

    private static double Root(double part, double whole) => Math.Sqrt(part / Math.Max(whole, double.Epsilon));
}
