using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>What <see cref="ColumnQuantizer"/> and <see cref="QuantizedDescent"/> compute, row by row and entry by entry in the order of their formulas.</summary>
internal static class RowwiseRounding
{
    private const int BlockWidth = 64;

    public static QuantizedMatrix Quantize(InverseGram inverse, Tensor start, bool[] kept, Quantization quantization)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = start.clone();
        (int dOut, int dIn) = ((int)weight.shape[0], (int)weight.shape[1]);
        var codes = new QuantizedMatrix(dOut, dIn, quantization);
        int blockWidth = Math.Max(BlockWidth, quantization.GroupSize);
        for (int first = 0; first < dIn; first += blockWidth)
        {
            int width = Math.Min(blockWidth, dIn - first);
            Tensor errors = zeros([dOut, width], ScalarType.Float32);
            for (int row = 0; row < dOut; row++)
            {
                QuantizeRow(inverse, weight.Elements<float>().Slice(row * dIn, dIn), kept, errors.Elements<float>().Slice(row * width, width), codes, row, first);
            }

            int rest = dIn - first - width;
            if (rest > 0)
            {
                weight.narrow(1, first + width, rest).sub_(errors.mm(inverse.Factor.narrow(0, first, width).narrow(1, first + width, rest)));
            }
        }

        return codes;
    }

    public static void Descend(QuantizedMatrix codes, bool[] kept, Tensor residual, Tensor gram, int sweeps)
    {
        int blockWidth = Math.Max(BlockWidth, codes.Quantization.GroupSize);
        for (int first = 0; first < sweeps * codes.Columns; first = NextBlock(first))
        {
            using DisposeScope scope = NewDisposeScope();
            int column = first % codes.Columns;
            int width = Math.Min(blockWidth, codes.Columns - column);
            Tensor changes = zeros([codes.Rows, width], ScalarType.Float32);
            for (int row = 0; row < codes.Rows; row++)
            {
                float[] pull = residual.Elements<float>().Slice((row * codes.Columns) + column, width).ToArray();
                DescendRow(codes, kept, pull, gram.Elements<float>(), changes.Elements<float>().Slice(row * width, width), row, column);
            }

            residual.sub_(changes.mm(gram.narrow(0, column, width)));
        }

        // The last block of a sweep may be narrower.
        int NextBlock(int first) => first + Math.Min(blockWidth, codes.Columns - (first % codes.Columns));
    }

    private static void QuantizeRow(InverseGram inverse, Span<float> weight, bool[] kept, Span<float> errors, QuantizedMatrix codes, int row, int first)
    {
        ReadOnlySpan<float> factor = inverse.Factor.Elements<float>();
        QuantizationRange range = default;
        for (int c = first; c < first + errors.Length; c++)
        {
            if (c % codes.Quantization.GroupSize == 0)
            {
                range = RangeOf(inverse, weight, kept, codes, row, c);
            }

            int entry = (row * codes.Columns) + c;
            float value = 0;
            if (IsKept(kept, entry))
            {
                codes.Codes[entry] = range.CodeOf(weight[c]);
                value = range.ValueOf(codes.Codes[entry]);
            }

            float error = (weight[c] - value) / inverse.Diagonal[c];
            errors[c - first] = error;
            for (int next = c + 1; next < first + errors.Length; next++)
            {
                weight[next] -= factor[(c * codes.Columns) + next] * error;
            }
        }
    }

    private static QuantizationRange RangeOf(InverseGram inverse, Span<float> weight, bool[] kept, QuantizedMatrix codes, int row, int first)
    {
        int count = Math.Min(codes.Quantization.GroupSize, codes.Columns - first);
        float[] values = new float[count];
        float[] weights = new float[count];
        for (int i = 0; i < count; i++)
        {
            if (IsKept(kept, (row * codes.Columns) + first + i))
            {
                values[i] = weight[first + i];
                weights[i] = 1 / (inverse.Diagonal[first + i] * inverse.Diagonal[first + i]);
            }
        }

        var range = QuantizationRange.Of(values, weights, codes.Quantization);
        int group = (row * codes.Groups) + (first / codes.Quantization.GroupSize);
        (codes.Scales[group], codes.Zeros[group]) = (range.Scale, range.Zero);
        return range;
    }

    private static void DescendRow(QuantizedMatrix codes, bool[] kept, float[] pull, ReadOnlySpan<float> gram, Span<float> changes, int row, int first)
    {
        for (int start = 0; start < pull.Length; start += codes.Quantization.GroupSize)
        {
            int count = Math.Min(codes.Quantization.GroupSize, pull.Length - start);
            int group = (row * codes.Groups) + ((first + start) / codes.Quantization.GroupSize);
            Rescale(codes, kept, pull, gram, changes, row, first, start, count);
            var range = new QuantizationRange(codes.Scales[group], codes.Zeros[group], codes.Quantization.LargestCode);
            for (int c = start; c < start + count; c++)
            {
                int entry = (row * codes.Columns) + first + c;
                ReadOnlySpan<float> given = gram.Slice(((first + c) * codes.Columns) + first, pull.Length);
                if (!IsKept(kept, entry) || !(given[c] > 0))
                {
                    continue;
                }

                float value = range.ValueOf(codes.Codes[entry]);
                codes.Codes[entry] = range.CodeOf(value + (pull[c] / given[c]));
                float change = range.ValueOf(codes.Codes[entry]) - value;
                changes[c] += change;
                Subtract(pull, given, change);
            }
        }
    }

    private static void Rescale(
        QuantizedMatrix codes, bool[] kept, float[] pull, ReadOnlySpan<float> gram, Span<float> changes, int row, int first, int start, int count)
    {
        int group = (row * codes.Groups) + ((first + start) / codes.Quantization.GroupSize);
        float[] steps = new float[count];
        float[] image = new float[pull.Length];
        for (int i = 0; i < count; i++)
        {
            int entry = (row * codes.Columns) + first + start + i;
            steps[i] = IsKept(kept, entry) ? codes.Codes[entry] - codes.Zeros[group] : 0;
            Subtract(image, gram.Slice(((first + start + i) * codes.Columns) + first, pull.Length), -steps[i]);
        }

        float slope = Vectors.Dot(pull.AsSpan(start, count), steps);
        float curvature = Vectors.Dot(image.AsSpan(start, count), steps);
        var next = (Half)((float)codes.Scales[group] + (slope / curvature));
        float step = (float)next - (float)codes.Scales[group];
        if (curvature > 0 && (2 * slope * step) - (curvature * step * step) > 0 && Half.IsFinite(next) && next > (Half)0)
        {
            codes.Scales[group] = next;
            Subtract(changes.Slice(start, count), steps, -step);
            Subtract(pull, image, step);
        }
    }

    private static void Subtract(Span<float> target, ReadOnlySpan<float> direction, float factor)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] -= direction[i] * factor;
        }
    }

    private static bool IsKept(bool[] kept, int entry) => kept.Length == 0 || kept[entry];
}
