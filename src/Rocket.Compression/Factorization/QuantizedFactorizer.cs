using Rocket.Compression.Execution;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Writes a linear as itself in integer codes, all of its entries or those that pruning leaves: rounded in one pass that carries errors on, then refined.</summary>
/// <param name="statistics">The linear; not owned.</param>
/// <param name="sparse">Prunes it; not owned.</param>
internal sealed class QuantizedFactorizer(LinearStatistics statistics, SparseFactorizer sparse)
{
    // The first sweep finds most, the third still a percent.
    private const int Sweeps = 3;

    private readonly ColumnQuantizer _quantizer = new(sparse.Inverse);

    /// <summary>The codes of an option, which of them are stored (empty: all), and the errors of their values.</summary>
    public (QuantizedMatrix Codes, bool[] Kept, FactorizationErrors Errors) Solve(LinearOption choice)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor start = choice is SparseOption pruned ? sparse.Refined(pruned.NonZeros) : statistics.Weight;
        bool[] kept = choice is SparseOption ? Support(start.Elements<float>()) : [];
        QuantizedMatrix codes = _quantizer.Run(start, kept, choice.Quantization!);
        Tensor residual = (statistics.Weight - Values(codes, kept)).mm(sparse.Meter.Gram);
        QuantizedDescent.Run(codes, kept, residual, sparse.Meter.Gram, statistics.Steps.Refines ? Sweeps : 0);
        return (codes, kept, sparse.Meter.Measure(Values(codes, kept)));
    }

    /// <summary>The factors of an option as they are stored, and their errors.</summary>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
    {
        (QuantizedMatrix codes, bool[] kept, FactorizationErrors errors) = Solve(choice);
        return (LinearFactors.Pack(codes, MaskOf(kept, codes.Columns), null, statistics.Type), errors);
    }

    /// <summary>The values of codes, 0 where none is stored, float32 <c>[rows, columns]</c>.</summary>
    public static Tensor Values(QuantizedMatrix codes, ReadOnlySpan<bool> kept)
    {
        Tensor values = empty([codes.Rows, codes.Columns], ScalarType.Float32);
        Span<float> elements = values.Elements<float>();
        codes.Dequantize(elements);
        if (!kept.IsEmpty)
        {
            Vectors.Keep(elements, kept, elements);
        }

        return values;
    }

    /// <summary>Where a matrix is not zero.</summary>
    public static bool[] Support(ReadOnlySpan<float> values)
    {
        bool[] kept = new bool[values.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = values[i] != 0;
        }

        return kept;
    }

    /// <summary>The bits of a mask, row by row, each row from a new byte on; none where all entries are kept.</summary>
    public static byte[] MaskOf(ReadOnlySpan<bool> kept, int columns)
    {
        int stride = FactoredLinear.MaskStride(columns);
        byte[] mask = new byte[(long)kept.Length / columns * stride];
        for (int i = 0; i < kept.Length; i++)
        {
            int column = i % columns;
            mask[(i / columns * stride) + (column >> 3)] |= (byte)(kept[i] ? 1 << (column & 7) : 0);
        }

        return mask;
    }
}
