using System.Numerics;
using System.Runtime.InteropServices;
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
    /// <param name="residual">(W - V) G of the codes' values V, float32 <c>[d_out, d_in]</c>; overwritten.</param>
    /// <param name="gram">G, float32 <c>[d_in, d_in]</c>.</param>
    /// <param name="sweeps">How many.</param>
    public static void Run(QuantizedMatrix codes, ReadOnlySpan<bool> kept, Tensor residual, Tensor gram, int sweeps)
    {
        int blockWidth = Math.Max(BlockWidth, codes.Quantization.GroupSize);
        var descent = new Descent(blockWidth, codes.Quantization);
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            for (int first = 0; first < codes.Columns; first += blockWidth)
            {
                using DisposeScope scope = NewDisposeScope();
                int width = Math.Min(blockWidth, codes.Columns - first);
                Tensor changes = empty([codes.Rows, width], ScalarType.Float32);
                Tensor own = gram.narrow(0, first, width).narrow(1, first, width).t().contiguous();
                var block = new SquareBlock(own.Elements<float>(), first, width);
                for (int row = 0; row < codes.Rows; row += RowTile.Rows)
                {
                    descent.Run(block, codes, kept, residual.Elements<float>(), changes.Elements<float>(), row);
                }

                // Nobody reads what the last block leaves; a product of fewer columns might be summed in another order.
                if (sweep + 1 < sweeps || first + width < codes.Columns)
                {
                    residual.sub_(changes.mm(gram.narrow(0, first, width)));
                }
            }
        }
    }

    // The descent of a block of some rows: pull is (w - v) G within the block, as far as columns still need it.
    private sealed class Descent(int blockWidth, Quantization quantization)
    {
        private readonly RowTile _pull = new(blockWidth);
        private readonly RowTile _mask = new(blockWidth);
        private readonly RowTile _codes = new(blockWidth);

        // Of the stored entries, code - zero point.
        private readonly RowTile _steps = new(blockWidth);

        // What a step of 1 of the scale adds to the pull, -steps G.
        private readonly RowTile _slopes = new(blockWidth);

        // What recoding adds to v, and what all adds to it.
        private readonly RowTile _recoded = new(blockWidth);
        private readonly RowTile _changes = new(blockWidth);

        private readonly RowRanges _ranges = new();
        private readonly float[] _firstOrder = new float[RowTile.Rows];
        private readonly float[] _secondOrder = new float[RowTile.Rows];
        private readonly float[] _scaleSteps = new float[RowTile.Rows];

        public void Run(SquareBlock block, QuantizedMatrix codes, ReadOnlySpan<bool> kept, ReadOnlySpan<float> residual, Span<float> changes, int row)
        {
            int rows = Math.Min(RowTile.Rows, codes.Rows - row);
            int at = (row * codes.Columns) + block.First;
            _pull.Load(residual[at..], codes.Columns, rows, block.Width);
            _codes.Load(codes.Codes[at..], codes.Columns, rows, block.Width);
            _mask.LoadMask(kept.IsEmpty ? kept : kept[at..], codes.Columns, rows, block.Width);
            for (int start = 0; start < block.Width; start += quantization.GroupSize)
            {
                int end = Math.Min(start + quantization.GroupSize, block.Width);
                int group = (row * codes.Groups) + ((block.First + start) / quantization.GroupSize);
                Rescale(block, codes, group, rows, start, end);
                for (int panel = start; panel < end; panel += RowTile.Panel)
                {
                    int panelEnd = Math.Min(panel + RowTile.Panel, end);
                    _pull.SubtractProducts(panel, panelEnd, _recoded, start, panel - start, block);
                    for (int c = panel; c < panelEnd; c++)
                    {
                        _pull.SubtractProducts(c, c + 1, _recoded, panel, c - panel, block);
                        Recode(c, block.Diagonal(c));
                    }
                }

                _pull.SubtractProducts(end, block.Width, _recoded, start, end - start, block);
            }

            _changes.Store(0, changes[(row * block.Width)..], block.Width, rows, block.Width);
            _codes.Store(codes.Codes[at..], codes.Columns, rows, block.Width);
        }

        private void Rescale(SquareBlock block, QuantizedMatrix codes, int group, int rows, int start, int end)
        {
            for (int j = 0; j < rows; j++)
            {
                int own = group + (j * codes.Groups);
                _ranges.Set(j, new QuantizationRange(codes.Scales[own], codes.Zeros[own], quantization.LargestCode));
            }

            FindSlopes(block, start, end);
            _pull.Dot(_steps, start, end - start, _firstOrder);
            _slopes.Dot(_steps, start, end - start, _secondOrder);
            for (int j = 0; j < rows; j++)
            {
                int own = group + (j * codes.Groups);
                Half scale = codes.Scales[own];
                Half next = Next(scale, _firstOrder[j], -_secondOrder[j]);
                _scaleSteps[j] = (float)next - (float)scale;
                codes.Scales[own] = next;
                _ranges.Set(j, new QuantizationRange(next, codes.Zeros[own], quantization.LargestCode));
            }

            Move(start, end, block.Width);
        }

        private void FindSlopes(SquareBlock block, int start, int end)
        {
            for (int c = start; c < end; c++)
            {
                for (int v = 0; v < RowTile.VectorsPerColumn; v++)
                {
                    _steps[c][v] = _ranges.StepsOf(v, _codes[c][v]) & _mask[c][v];
                }
            }

            for (int c = start; c < block.Width; c++)
            {
                _slopes[c].Clear();
            }

            _slopes.SubtractProducts(start, block.Width, _steps, start, end - start, block);
        }

        // The scale of least error, if it can be stored and what is stored of it lowers the error.
        private static Half Next(Half scale, float slope, float curvature)
        {
            if (curvature is not > 0)
            {
                return scale;
            }

            var next = (Half)((float)scale + (slope / curvature));
            float step = (float)next - (float)scale;
            return (2 * slope * step) - (curvature * step * step) > 0 && Half.IsFinite(next) && next > (Half)0 ? next : scale;
        }

        private void Move(int start, int end, int width)
        {
            ReadOnlySpan<Vector<float>> steps = MemoryMarshal.Cast<float, Vector<float>>(_scaleSteps.AsSpan());
            for (int v = 0; v < RowTile.VectorsPerColumn; v++)
            {
                for (int c = start; c < width; c++)
                {
                    _pull[c][v] += _slopes[c][v] * steps[v];
                }

                for (int c = start; c < end; c++)
                {
                    _changes[c][v] = _steps[c][v] * steps[v];
                }
            }
        }

        private void Recode(int column, float diagonal)
        {
            Span<Vector<float>> recoded = _recoded[column];
            if (!(diagonal > 0))
            {
                recoded.Clear();
                return;
            }

            ReadOnlySpan<Vector<float>> pull = _pull[column];
            ReadOnlySpan<Vector<float>> mask = _mask[column];
            Span<Vector<float>> codes = _codes[column];
            Span<Vector<float>> changes = _changes[column];
            for (int v = 0; v < RowTile.VectorsPerColumn; v++)
            {
                Vector<float> value = _ranges.ValuesOf(v, codes[v]);
                Vector<float> nearest = _ranges.CodesOf(v, value + (pull[v] / diagonal));
                Vector<float> code = Vector.ConditionalSelect(Vector.AsVectorInt32(mask[v]), nearest, codes[v]);
                codes[v] = code;
                recoded[v] = _ranges.ValuesOf(v, code) - value;
                changes[v] += recoded[v];
            }
        }
    }
}
