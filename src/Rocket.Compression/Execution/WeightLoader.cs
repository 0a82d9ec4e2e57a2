using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Brings the weights of a checkpoint or an artifact into float32 tensors; factored linears are multiplied out.</summary>
/// <param name="checkpoint">The tensors.</param>
/// <param name="section">The artifact's section, or null for a dense model.</param>
/// <param name="device">Where weights come to, and with them all that is computed with them; null: the processor.</param>
public sealed class WeightLoader(Checkpoint checkpoint, RocketSection? section = null, ComputeDevice? device = null)
{
    private volatile StoredRows? _rowsOf;

    /// <summary>The tensors.</summary>
    public Checkpoint Checkpoint { get; } = checkpoint;

    /// <summary>Where weights come to.</summary>
    public ComputeDevice Device { get; } = device ?? ComputeDevice.Cpu;

    /// <summary>A tensor in float32, in its own shape.</summary>
    public Tensor Load(string name) => Device.Place(Checkpoint.Get(name).ToFloat32());

    /// <summary>The weight of a linear, <c>[d_out, d_in]</c> in float32.</summary>
    public Tensor Load(LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (section is not null && section.Linears.TryGetValue(linear.Key, out FactoredLinear? factored))
        {
            return linear.Fused is not null && section.Linears.ContainsKey(linear.Whole.Key)
                ? throw ArtifactErrors.FactorsDoNotFit(Checkpoint.Folder, linear.Key, $"'{linear.Whole.Key}', which holds it, is factored as one")
                : MultiplyOut(ReadFactors(linear, factored), Device);
        }

        // The rows of a part of a fused weight that is factored as one.
        if (section is not null && section.Linears.TryGetValue(linear.Whole.Key, out FactoredLinear? whole))
        {
            return MultiplyOut(ReadFactors(linear.Whole, whole).Rows(linear.Fused!.FirstRow, linear.DOut), Device);
        }

        // A part of a fused weight stands alone where another part of it is factored by itself.
        if (section is not null && linear.Fused is not null && Checkpoint.Contains(linear.Key + ".weight"))
        {
            return Load(linear.Key + ".weight");
        }

        TensorView view = Checkpoint.Get(linear.Tensor);
        return Device.Place(linear.Fused is { } part ? view.ToFloat32(part.FirstRow, linear.DOut) : view.ToFloat32());
    }

    /// <summary>Whether a linear is not stored as a plain weight.</summary>
    public bool IsFactored(LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return section is not null && section.Linears.ContainsKey(linear.Key);
    }

    /// <summary>A matrix that may be stored in codes, in float32.</summary>
    /// <param name="matrix">The matrix as a linear; null: it is always a plain tensor.</param>
    /// <param name="tensor">Name of the plain tensor.</param>
    internal Tensor LoadMatrix(LinearSpec? matrix, string tensor) => matrix is not null && IsFactored(matrix) ? Load(matrix) : Load(tensor);

    /// <summary>Some rows of a factored matrix, float32 <c>[rows, columns]</c>, on the processor.</summary>
    internal Tensor LoadRows(LinearSpec matrix, ReadOnlySpan<int> rows)
    {
        if (_rowsOf is not { } stored || stored.Key != matrix.Key)
        {
            stored = new StoredRows(matrix.Key, ReadFactors(matrix, section!.Linears[matrix.Key]));
            _rowsOf = stored;
        }

        Tensor chosen = empty([rows.Length, matrix.DIn], ScalarType.Float32);
        Span<float> values = chosen.Elements<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            stored.Factors.Rows(rows[i], 1).Expand(values.Slice(i * matrix.DIn, matrix.DIn));
        }

        return chosen;
    }

    /// <summary>W^ = C^T D^T <c>[d_out, d_in]</c> in float32.</summary>
    /// <param name="factors">D and C.</param>
    /// <param name="device">Where they are multiplied; null: on the processor.</param>
    public static Tensor MultiplyOut(LinearFactors factors, ComputeDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(factors);
        device ??= ComputeDevice.Cpu;
        FactoredLinear info = factors.Info;
        Tensor coefficients = empty([info.DOut, info.K], ScalarType.Float32);
        factors.Expand(coefficients.Elements<float>());
        coefficients = device.Place(coefficients);
        if (info.Form != LinearForm.Dictionary)
        {
            return coefficients;
        }

        using (coefficients)
        {
            Tensor expanded = empty([info.K, info.DIn], ScalarType.Float32);
            factors.ExpandDictionary(expanded.Elements<float>());
            using Tensor dictionary = device.Place(expanded);
            return coefficients.mm(dictionary);
        }
    }

    private LinearFactors ReadFactors(LinearSpec linear, FactoredLinear factored)
    {
        string file = Checkpoint.Folder;
        if (factored.DIn != linear.DIn || factored.DOut != linear.DOut)
        {
            throw ArtifactErrors.FactorsDoNotFit(file, linear.Key, $"they are [{factored.DOut}, {factored.DIn}], the model has [{linear.DOut}, {linear.DIn}]");
        }

        foreach (TensorInfo expected in factored.Tensors(linear.Key))
        {
            if (!Checkpoint.Contains(expected.Name))
            {
                throw ArtifactErrors.FactorsDoNotFit(file, linear.Key, $"'{expected.Name}' is missing");
            }

            TensorInfo found = Checkpoint.Get(expected.Name).Info;
            if (found.Type != expected.Type || !found.Shape.SequenceEqual(expected.Shape))
            {
                throw ArtifactErrors.FactorsDoNotFit(file, linear.Key, $"'{expected.Name}' is {found.Type} [{string.Join(", ", found.Shape)}] instead of {expected.Type} [{string.Join(", ", expected.Shape)}]");
            }
        }

        var factors = new LinearFactors(factored, suffix => Checkpoint.Get(linear.Key + suffix).Bytes.ToArray());
        if (!factored.HasMask)
        {
            return factors;
        }

        if (LinearFactors.CountStored(factors.Mask.Span) != factored.NonZeros)
        {
            throw ArtifactErrors.FactorsDoNotFit(file, linear.Key, $"its mask does not have {factored.NonZeros} bits set");
        }

        if (LinearFactors.HasPadding(factors.Mask.Span, factored.K))
        {
            throw ArtifactErrors.FactorsDoNotFit(file, linear.Key, $"its mask marks coefficients from {factored.K} on, and there are none");
        }

        return factors;
    }

    // Sequences are embedded one by one, and all read the same table.
    private sealed record StoredRows(string Key, LinearFactors Factors);
}
