using Rocket.Compression.Execution;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Rounds a weight to codes in one pass over its columns; the error of a column is carried to the columns on its right.</summary>
/// <remarks>
/// The pass is <see cref="ColumnPruner"/>'s: an entry that is removed becomes 0, one that stays becomes the value of its code, and the
/// difference over U_cc times row c of U is taken from what follows. Frantar et al., GPTQ (arXiv 2210.17323). A group's scale and zero point
/// are chosen when the pass reaches it, squared errors weighed by 1 / U_cc^2.
/// </remarks>
/// <param name="inverse">The inverse Gram matrix; not owned.</param>
internal sealed class ColumnQuantizer(InverseGram inverse)
{
    private const int BlockWidth = 64;

    private readonly float[] _weights = [.. inverse.Diagonal.Select(u => 1 / (u * u))];

    /// <summary>Rounds.</summary>
    /// <param name="start">What is rounded, float32 <c>[d_out, d_in]</c>.</param>
    /// <param name="kept">Which entries stay; empty: all.</param>
    /// <param name="quantization">How.</param>
    public QuantizedMatrix Run(Tensor start, ReadOnlySpan<bool> kept, Quantization quantization)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = start.clone();
        (int dOut, int dIn) = ((int)weight.shape[0], (int)weight.shape[1]);
        var codes = new QuantizedMatrix(dOut, dIn, quantization);
        int blockWidth = Math.Max(BlockWidth, quantization.GroupSize);
        for (int first = 0; first < dIn; first += blockWidth)
        {
            using DisposeScope blockScope = NewDisposeScope();
            int width = Math.Min(blockWidth, dIn - first);
            Tensor errors = zeros([dOut, width], ScalarType.Float32);
            RunBlock(weight.Elements<float>(), kept, errors.Elements<float>(), codes, first, width);
            int rest = dIn - first - width;
            if (rest > 0)
            {
                Tensor right = weight.narrow(1, first + width, rest);
                right.sub_(errors.mm(inverse.Factor.narrow(0, first, width).narrow(1, first + width, rest)));
            }
        }

        return codes;
    }

    private void RunBlock(Span<float> weight, ReadOnlySpan<bool> kept, Span<float> errors, QuantizedMatrix codes, int first, int width)
    {
        ReadOnlySpan<float> factor = inverse.Factor.Elements<float>();
        ReadOnlySpan<float> diagonal = inverse.Diagonal;
        int groupSize = codes.Quantization.GroupSize;
        Span<float> values = stackalloc float[groupSize];
        Span<float> weights = stackalloc float[groupSize];
        for (int j = 0; j < codes.Rows; j++)
        {
            int at = (j * codes.Columns) + first;
            Span<float> row = weight.Slice(at, width);
            ReadOnlySpan<bool> stays = kept.IsEmpty ? kept : kept.Slice(at, width);
            QuantizationRange range = default;
            for (int c = 0; c < width; c++)
            {
                int column = first + c;
                if (c % groupSize == 0)
                {
                    int count = Math.Min(groupSize, width - c);
                    Gather(row.Slice(c, count), stays.IsEmpty ? stays : stays.Slice(c, count), column, values, weights);
                    range = QuantizationRange.Of(values[..count], weights[..count], codes.Quantization);
                    int group = (j * codes.Groups) + (column / groupSize);
                    (codes.Scales[group], codes.Zeros[group]) = (range.Scale, range.Zero);
                }

                float value = 0;
                if (stays.IsEmpty || stays[c])
                {
                    byte code = range.CodeOf(row[c]);
                    codes.Codes[at + c] = code;
                    value = range.ValueOf(code);
                }

                float error = (row[c] - value) / diagonal[column];
                errors[(j * width) + c] = error;
                Vectors.SubtractScaled(row[(c + 1)..], factor.Slice((column * codes.Columns) + column + 1, width - c - 1), error);
            }
        }
    }

    private void Gather(ReadOnlySpan<float> row, ReadOnlySpan<bool> stays, int column, Span<float> values, Span<float> weights)
    {
        for (int i = 0; i < row.Length; i++)
        {
            bool isKept = stays.IsEmpty || stays[i];
            values[i] = isKept ? row[i] : 0;
            weights[i] = isKept ? _weights[column + i] : 0;
        }
    }
}
