using System.Diagnostics;
using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Writes a linear as a dictionary times sparse coefficients where rows of the weight count by their output gradients: rows are scaled by
/// sqrt(b) before subspace, selection and dictionary, and the coefficients are scaled back. The largest coefficients of a column stay;
/// dictionary and coefficients are then refined in turn.
/// </summary>
public sealed class WeightedDictionaryFactorizer : ILinearFactorizer, IOutlinesDictionaries
{
    private readonly LinearStatistics _statistics;
    private readonly ErrorMeter _meter;
    private readonly Tensor _rowScale;
    private readonly Tensor _scaledWeight;
    private readonly Tensor _basisCoefficients;
    private readonly Lazy<DictionaryOutlines> _outlines;

    /// <summary>Prepares a linear: whitening and eigendecomposition.</summary>
    /// <param name="statistics">The linear; not owned.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public WeightedDictionaryFactorizer(LinearStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        _statistics = statistics;
        _meter = new ErrorMeter(statistics);
        using DisposeScope scope = NewDisposeScope();
        using Whitening whitening = Whitening.Compute(statistics.Gram, statistics.Tokens, name: statistics.Name);
        Tensor scale = statistics.SelectionWeights.ToTensor(ScalarType.Float32, statistics.DOut).sqrt();
        Tensor scaled = statistics.Weight * scale.unsqueeze(1);
        WhitenedBasis basis = WhitenedBasis.Compute(scaled.to_type(ScalarType.Float64) * whitening.Live, whitening.Regularize(statistics.Gram), whitening);
        _rowScale = scale.unsqueeze(1).DetachFromDisposeScope();
        _scaledWeight = scaled.DetachFromDisposeScope();
        _basisCoefficients = basis.Coefficients.Span.ToTensor(ScalarType.Float32, statistics.DOut, basis.Count).DetachFromDisposeScope();
        _outlines = new Lazy<DictionaryOutlines>(() => DictionaryOutlines.OfLargest(basis), LazyThreadSafetyMode.None);
    }

    /// <inheritdoc/>
    public DictionaryOutlines Outlines => _outlines.Value;

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor dictionary, Tensor coefficients) = Solve(choice);
        return _meter.Measure(choice.Quantization is { } quantization
            ? QuantizedDictionary.Run(_statistics.Weight, _meter.Gram, dictionary, coefficients, quantization).Product
            : coefficients.mm(dictionary));
    }

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor dictionary, Tensor coefficients) = Solve(choice);
        if (choice.Quantization is { } quantization)
        {
            (QuantizedMatrix atoms, QuantizedMatrix codes, bool[] kept, Tensor product) = QuantizedDictionary.Run(_statistics.Weight, _meter.Gram, dictionary, coefficients, quantization);
            return (LinearFactors.Pack(codes, QuantizedFactorizer.MaskOf(kept, codes.Columns), atoms, _statistics.Type), _meter.Measure(product));
        }

        Tensor stored = dictionary.to_type(_statistics.Type.ToScalarType()).contiguous();
        LinearFactors factors = LinearFactors.Pack(
            coefficients.Elements<float>(), stored.Raw().ToArray(), _statistics.DIn, _statistics.DOut, (int)stored.shape[0], _statistics.Type);
        return (factors, _meter.Measure(coefficients.mm(dictionary)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _rowScale.Dispose();
        _scaledWeight.Dispose();
        _basisCoefficients.Dispose();
    }

    // Atoms [k, d_in] of unit norm and C^T [d_out, k], both rounded to the stored type.
    private (Tensor Dictionary, Tensor Coefficients) Solve(LinearOption choice)
    {
        (int k, int s) = choice is DictionaryOption dictionary ? (dictionary.K, dictionary.S) : throw new UnreachableException($"No dictionary: '{choice.Form}'.");
        Tensor c = DictionaryRefinement.Run(_basisCoefficients, k, s, _statistics.Steps.Refines);
        Tensor ct = c.t();
        Tensor atoms = ClosedFormDictionary.Solve(ct.mm(c), ct.mm(_scaledWeight));
        Tensor norms = atoms.norm(1, false, 2f);
        Tensor used = norms.IsNotZero();
        Tensor inverse = used / norms.Plus(used.OneMinus());
        return (Round(atoms * inverse.unsqueeze(1)), Round(c * norms / _rowScale).contiguous());
    }

    private Tensor Round(Tensor x)
        => _statistics.Type == TensorType.F32 ? x : x.to_type(_statistics.Type.ToScalarType()).to_type(ScalarType.Float32);
}
