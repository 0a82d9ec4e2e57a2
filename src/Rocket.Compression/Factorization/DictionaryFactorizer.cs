using System.Diagnostics;
using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Factorizes one linear into a dictionary and sparse coefficients, and tells the error of the result as it is stored.
/// Profile and factors come from this one function, so the predicted error is the realised one.
/// </summary>
/// <remarks>
/// The dictionary is closed-form: D~ = x C^T (C C^T + eps I)^-1 in the whitened space, and D = S^-1 D~ = W^T C^T (C C^T + eps I)^-1,
/// because S^-1 x = W^T: once the coefficients are chosen no whitening is left in it.
/// Large products run in float32. The errors are inner products of Gram matrices unless they are so small that cancellation would
/// show; then the residual itself is formed.
/// </remarks>
public sealed class DictionaryFactorizer : ILinearFactorizer, IOutlinesDictionaries
{
    // Float32 traces are good to about 1e-6: below this relative squared error they would not hold 1e-3 of it.
    private const double TraceIsExactAbove = 4e-3;

    private readonly Tensor _weight;
    private readonly Tensor _gram;
    private readonly double _weightNorm;
    private readonly double _deadEnergy;
    private readonly CoefficientSelection _selection;
    private readonly TensorType _type;
    private readonly int _dIn;
    private readonly int _dOut;

    /// <summary>Prepares a linear: whitening, eigendecomposition, order of the entries.</summary>
    /// <param name="weight">W, float32 <c>[d_out, d_in]</c>.</param>
    /// <param name="gram">G, float64 <c>[d_in, d_in]</c>.</param>
    /// <param name="tokens">Tokens that G sums over.</param>
    /// <param name="type">Type in which the factors are stored: F32, F16 or BF16.</param>
    /// <param name="name">Named in errors.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3010: G is not a Gram matrix.</exception>
    public DictionaryFactorizer(Tensor weight, Tensor gram, long tokens, TensorType type, string name)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(gram);
        _type = type;
        _dOut = (int)weight.shape[0];
        _dIn = (int)weight.shape[1];
        using DisposeScope scope = NewDisposeScope();
        using Whitening whitening = Whitening.Compute(gram, tokens, name: name);
        Tensor regular = whitening.Regularize(gram);

        Tensor whole = weight.to_type(ScalarType.Float64);
        Tensor live = whole * whitening.Live;
        Basis = WhitenedBasis.Compute(live, regular, whitening);
        _selection = new CoefficientSelection(Basis);
        _weightNorm = whole.Squared().sum().Value<double>();
        _deadEnergy = _weightNorm - live.Squared().sum().Value<double>();
        double whitened = live.mm(regular).mul_(live).sum().Value<double>();

        _weight = live.to_type(ScalarType.Float32).DetachFromDisposeScope();
        // Scaled so that errors come out relative; a weight of zeros has none to relate to.
        _gram = regular.Times(1 / (whitened > 0 ? whitened : 1)).to_type(ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>The whitened weight in its own basis.</summary>
    public WhitenedBasis Basis { get; }

    /// <inheritdoc/>
    public DictionaryOutlines Outlines => _selection.Outlines;

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice) => choice is DictionaryOption { K: var k, S: var s } ? Evaluate(k, s) : throw UnknownForm(choice);

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
        => choice is DictionaryOption { K: var k, S: var s } ? Factorize(k, s) : throw UnknownForm(choice);

    /// <summary>The errors of k atoms with s coefficients a column, after rounding to the stored type.</summary>
    public FactorizationErrors Evaluate(int k, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor dictionary, Tensor coefficients) = Solve(k, s);
        return Measure(dictionary, coefficients);
    }

    /// <summary>The factors of k atoms with s coefficients a column as they are stored, and their errors.</summary>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(int k, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor dictionary, Tensor coefficients) = Solve(k, s);
        Tensor stored = dictionary.to_type(_type.ToScalarType()).contiguous();
        LinearFactors factors = LinearFactors.Pack(coefficients.Elements<float>(), stored.Raw().ToArray(), _dIn, _dOut, k, _type);
        return (factors, Measure(dictionary, coefficients));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _gram.Dispose();
    }

    private static UnreachableException UnknownForm(LinearOption choice) => new($"The paper's method has no form '{choice.Form}'.");

    // Atoms [k, d_in] of unit norm and C^T [d_out, k], both rounded to the stored type.
    private (Tensor Dictionary, Tensor Coefficients) Solve(int k, int s)
    {
        Tensor c = empty([_dOut, k], ScalarType.Float32);
        _selection.Select(k, s, c.Elements<float>());
        Tensor ct = c.t();
        Tensor atoms = ClosedFormDictionary.Solve(ct.mm(c), ct.mm(_weight));
        Tensor norms = atoms.norm(1, false, 2f);
        Tensor used = norms.IsNotZero();
        Tensor inverse = used / norms.Plus(used.OneMinus());
        return (Round(atoms * inverse.unsqueeze(1)), Round(c * norms).contiguous());
    }

    private FactorizationErrors Measure(Tensor dictionary, Tensor coefficients)
    {
        Tensor ct = coefficients.t();
        Tensor projected = ct.mm(_weight);
        Tensor inner = ct.mm(coefficients);
        Tensor weighed = dictionary.mm(_gram);
        double whitened = 1 + Trace(weighed.mm(dictionary.t()), inner) - (2 * Trace(weighed, projected));
        double plain = _weightNorm - _deadEnergy + Trace(dictionary.mm(dictionary.t()), inner) - (2 * Trace(dictionary, projected));
        if (whitened < TraceIsExactAbove || plain <= TraceIsExactAbove * _weightNorm)
        {
            Tensor residual = _weight - coefficients.mm(dictionary);
            whitened = Trace(residual.mm(_gram), residual);
            plain = Trace(residual, residual);
        }

        return new FactorizationErrors(Root(whitened), Root((plain + _deadEnergy) / Math.Max(_weightNorm, double.Epsilon)));
    }

    private Tensor Round(Tensor x) => _type == TensorType.F32 ? x : x.to_type(_type.ToScalarType()).to_type(ScalarType.Float32);

    private static double Trace(Tensor a, Tensor b) => (a * b).sum(ScalarType.Float64).Value<double>();

    private static double Root(double squared) => Math.Sqrt(Math.Max(squared, 0));
}
