using Rocket.Compression.Execution;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Lowers the error of codes that were rounded: coordinate descent on (w - v) G (w - v)^T of every row. Group by group the scale takes the step
/// to its least error, then code by code the value nearest to the least error of its own. No step raises the error.
/// </summary>
internal static class QuantizedDescent
{
    private const int BlockWidth = 64;

    /// <summary>Runs some sweeps over all columns.</summary>
    /// <param name="codes">The codes; changed in place.</param>
    /// <param name="kept">Which entries are stored; empty: all.</param>
    /// <param name="residual">(W - V) G of the codes' values V, float32 <c>[d_out, d_in]</c>; changed in place.</param>
    /// <param name="gram">G, float32 <c>[d_in, d_in]</c>.</param>
    /// <param name="sweeps">How many.</param>
    public static void Run(QuantizedMatrix codes, ReadOnlySpan<bool> kept, Tensor residual, Tensor gram, int sweeps)
    {
        int blockWidth = Math.Max(BlockWidth, codes.Quantization.GroupSize);
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            for (int first = 0; first < codes.Columns; first += blockWidth)
            {
                using DisposeScope scope = NewDisposeScope();
                int width = Math.Min(blockWidth, codes.Columns - first);
                Tensor changes = zeros([codes.Rows, width], ScalarType.Float32);
                Tensor own = gram.narrow(0, first, width).narrow(1, first, width).contiguous();
                RunBlock(codes, kept, residual.Elements<float>(), own.Elements<float>(), changes.Elements<float>(), first, width);
                residual.sub_(changes.mm(gram.narrow(0, first, width)));
            }
        }
    }

    private static void RunBlock(
        QuantizedMatrix codes, ReadOnlySpan<bool> kept, ReadOnlySpan<float> residual, ReadOnlySpan<float> gram, Span<float> changes, int first, int width)
    {
        int groupSize = codes.Quantization.GroupSize;
        Span<float> pull = stackalloc float[width];
        Span<float> steps = stackalloc float[groupSize];
        Span<float> image = stackalloc float[width];
        for (int j = 0; j < codes.Rows; j++)
        {
            int at = (j * codes.Columns) + first;
            residual.Slice(at, width).CopyTo(pull);
            for (int start = 0; start < width; start += groupSize)
            {
                int count = Math.Min(groupSize, width - start);
                int group = (j * codes.Groups) + ((first + start) / groupSize);
                var block = new Group(
                    codes.Codes.Slice(at + start, count), kept.IsEmpty ? kept : kept.Slice(at + start, count), gram, changes.Slice(j * width, width), pull, start);
                Half scale = block.Rescale(codes.Scales[group], codes.Zeros[group], steps[..count], image);
                codes.Scales[group] = scale;
                block.Recode(new QuantizationRange(scale, codes.Zeros[group], codes.Quantization.LargestCode));
            }
        }
    }

    // The entries of one row and group: pull is (w - v) G within the block, changes what v gains.
    private readonly ref struct Group(Span<byte> codes, ReadOnlySpan<bool> kept, ReadOnlySpan<float> gram, Span<float> changes, Span<float> pull, int start)
    {
        private readonly Span<byte> _codes = codes;
        private readonly ReadOnlySpan<bool> _kept = kept;
        private readonly ReadOnlySpan<float> _gram = gram;
        private readonly Span<float> _changes = changes;
        private readonly Span<float> _pull = pull;
        private readonly int _start = start;

        public Half Rescale(Half scale, byte zero, Span<float> steps, Span<float> image)
        {
            image.Clear();
            for (int c = 0; c < steps.Length; c++)
            {
                steps[c] = _kept.IsEmpty || _kept[c] ? _codes[c] - zero : 0;
                if (steps[c] != 0)
                {
                    Vectors.SubtractScaled(image, Row(c), -steps[c]);
                }
            }

            float slope = Vectors.Dot(_pull.Slice(_start, steps.Length), steps);
            float curvature = Vectors.Dot(image.Slice(_start, steps.Length), steps);
            if (curvature is not > 0)
            {
                return scale;
            }

            var next = (Half)((float)scale + (slope / curvature));
            float step = (float)next - (float)scale;
            if (!((2 * slope * step) - (curvature * step * step) > 0) || !Half.IsFinite(next) || next <= (Half)0)
            {
                return scale;
            }

            Vectors.SubtractScaled(_changes.Slice(_start, steps.Length), steps, -step);
            Vectors.SubtractScaled(_pull, image, step);
            return next;
        }

        public void Recode(QuantizationRange range)
        {
            for (int c = 0; c < _codes.Length; c++)
            {
                ReadOnlySpan<float> row = Row(c);
                float own = row[_start + c];
                if ((!_kept.IsEmpty && !_kept[c]) || !(own > 0))
                {
                    continue;
                }

                float value = range.ValueOf(_codes[c]);
                byte code = range.CodeOf(value + (_pull[_start + c] / own));
                if (code != _codes[c])
                {
                    float change = range.ValueOf(code) - value;
                    _codes[c] = code;
                    _changes[_start + c] += change;
                    Vectors.SubtractScaled(_pull, row, change);
                }
            }
        }

        private ReadOnlySpan<float> Row(int c) => _gram.Slice((_start + c) * _pull.Length, _pull.Length);
    }
}
