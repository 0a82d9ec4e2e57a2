using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>A linear with the second moments that weigh its errors: of its inputs, and of its output gradients.</summary>
/// <remarks>
/// The predicted rise of the loss is of second order, with the Fisher matrix for the Hessian and inputs and output gradients taken as independent:
/// 1 / (2 n n_b) trace(diag(b) (W - W^) G (W - W^)^T) nats a token, G summed over the tokens that reach the linear (of n in all), b_j = sum of
/// (dL/dy_j)^2 over n_b tokens that reach it, plus 0.001 of its mean over j so that no output is free. G here is without any ridge.
/// A fused weight taken as one is measured as the linears that it holds: means are those of its parts, so that a residual costs what its rows cost part by part.
/// </remarks>
public sealed class LinearStatistics : IDisposable
{
    private const double OutputFloor = 0.001;

    private readonly float[] _rowWeights;
    private readonly float[] _selectionWeights;

    private LinearStatistics(Tensor weight, Tensor gram, float[] rowWeights, double lossScale, long tokens, TensorType type, string name, FactorizationSteps steps)
    {
        Weight = weight;
        Gram = gram;
        _rowWeights = rowWeights;
        _selectionWeights = steps.WeighsRows ? rowWeights : [.. Enumerable.Repeat(1f, rowWeights.Length)];
        LossScale = lossScale;
        Tokens = tokens;
        Type = type;
        Name = name;
        Steps = steps;
    }

    /// <summary>W, float32 <c>[d_out, d_in]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary>G, float64 <c>[d_in, d_in]</c>, scaled to a mean diagonal of 1, which suits float32.</summary>
    public Tensor Gram { get; }

    /// <summary>b over its mean, <c>[d_out]</c>; ones where no gradients were taken.</summary>
    public ReadOnlySpan<float> RowWeights => _rowWeights;

    /// <summary>What rows count by in the selection of what stays, <c>[d_out]</c>: <see cref="RowWeights"/>, or ones where that step is left out.</summary>
    public ReadOnlySpan<float> SelectionWeights => _selectionWeights;

    /// <summary>Nats a token for a unit of the trace of the scaled matrices; without gradients, or where losses are relative, the trace of W itself is 1.</summary>
    public double LossScale { get; }

    /// <summary>The steps that its factorization takes.</summary>
    public FactorizationSteps Steps { get; }

    /// <summary>Tokens that G sums over.</summary>
    public long Tokens { get; }

    /// <summary>Type in which factors are stored: F32, F16 or BF16.</summary>
    public TensorType Type { get; }

    /// <summary>Named in errors.</summary>
    public string Name { get; }

    /// <summary>Columns of the weight.</summary>
    public int DIn => (int)Weight.shape[1];

    /// <summary>Rows of the weight.</summary>
    public int DOut => (int)Weight.shape[0];

    /// <summary>Gathers the statistics; weight and moments stay the caller's.</summary>
    /// <param name="weight">W, float32 <c>[d_out, d_in]</c>.</param>
    /// <param name="gram">G, float64 <c>[d_in, d_in]</c>.</param>
    /// <param name="tokens">Tokens that G sums over: those that reach the linear.</param>
    /// <param name="allTokens">n: tokens of the calibration.</param>
    /// <param name="outputs">b, float64 <c>[d_out]</c>, and n_b; null: no gradients were taken, and errors are relative.</param>
    /// <param name="type">Type in which factors are stored.</param>
    /// <param name="name">Named in errors.</param>
    /// <param name="parts">Rows of the linears that a fused weight holds, in their order; null: one linear.</param>
    /// <param name="steps">The steps that are taken; null: all.</param>
    public static LinearStatistics Create(
        Tensor weight, Tensor gram, long tokens, long allTokens, (Tensor Squares, long Tokens)? outputs, TensorType type, string name, IReadOnlyList<int>? parts = null, FactorizationSteps? steps = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(gram);
        using DisposeScope scope = NewDisposeScope();
        double mean = gram.diagonal().mean().Value<double>();
        double gramScale = mean > 0 ? mean : 1;
        Tensor scaled = gram.Times(1 / gramScale);
        parts ??= [(int)weight.shape[0]];
        steps ??= FactorizationSteps.All;
        (float[]? rows, double lossScale) = outputs is { } b
            ? OfGradients(b.Squares.Elements<double>().ToArray(), parts, gramScale, 2.0 * allTokens * b.Tokens)
            : (null, 0);
        if (rows is null || !steps.WeighsLinears)
        {
            (rows, lossScale) = OfEnergies(weight.to_type(ScalarType.Float64), scaled, parts, rows);
        }

        return new LinearStatistics(
            weight.clone().DetachFromDisposeScope(), scaled.DetachFromDisposeScope(), rows, lossScale, tokens, type, name, steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weight.Dispose();
        Gram.Dispose();
    }

    // Every part has a floor of its own, as it would have alone; one without any gradient has that of the whole.
    private static (float[] Rows, double LossScale) OfGradients(double[] squares, IReadOnlyList<int> parts, double gramScale, double divisor)
    {
        double average = squares.Average();
        double unit = average > 0 ? average : 1;
        float[] rows = new float[squares.Length];
        int first = 0;
        foreach (int count in parts)
        {
            double own = squares[first..(first + count)].Average();
            double floor = OutputFloor * (own > 0 ? own : average);
            for (int j = first; j < first + count; j++)
            {
                rows[j] = (float)((squares[j] + floor) / unit);
            }

            first += count;
        }

        return (rows, gramScale * average / divisor);
    }

    // The trace of every part, its rows weighed, is 1.
    private static (float[] Rows, double LossScale) OfEnergies(Tensor weight, Tensor gram, IReadOnlyList<int> parts, float[]? weights)
    {
        double[] energies = new double[parts.Count];
        int first = 0;
        for (int p = 0; p < energies.Length; p++)
        {
            Tensor part = weight.narrow(0, first, parts[p]);
            Tensor energy = part.mm(gram) * part;
            energies[p] = (weights is null ? energy : energy.sum(1) * weights.AsSpan(first, parts[p]).ToTensor(ScalarType.Float32, parts[p])).sum().Value<double>();
            first += parts[p];
        }

        double all = energies.Sum();
        IEnumerable<float> shares = energies.SelectMany((own, p) => Enumerable.Repeat(own > 0 ? (float)(all / own) : 1, parts[p]));
        return ([.. weights is null ? shares : shares.Zip(weights, (share, own) => share * own)], all > 0 ? 1 / all : 0);
    }
}
