using System.Numerics;
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
        var rounding = new Rounding(inverse.Diagonal, _weights, blockWidth, quantization.GroupSize);
        for (int first = 0; first < dIn; first += blockWidth)
        {
            using DisposeScope blockScope = NewDisposeScope();
            int width = Math.Min(blockWidth, dIn - first);
            Tensor errors = empty([dOut, width], ScalarType.Float32);
            Tensor own = inverse.Factor.narrow(0, first, width).narrow(1, first, width).t().contiguous();
            var block = new SquareBlock(own.Elements<float>(), first, width);
            for (int row = 0; row < dOut; row += RowTile.Rows)
            {
                rounding.Run(block, weight.Elements<float>(), kept, errors.Elements<float>(), codes, row);
            }

            int rest = dIn - first - width;
            if (rest > 0)
            {
                Tensor right = weight.narrow(1, first + width, rest);
                right.sub_(errors.mm(inverse.Factor.narrow(0, first, width).narrow(1, first + width, rest)));
            }
        }

        return codes;
    }

    // Rounds a block of some rows.
    private sealed class Rounding(float[] diagonal, float[] weights, int blockWidth, int groupSize)
    {
        private readonly RowTile _values = new(blockWidth);
        private readonly RowTile _mask = new(blockWidth);
        private readonly RowTile _codes = new(blockWidth);
        private readonly RowTile _errors = new(blockWidth);
        private readonly RowRanges _ranges = new();
        private readonly float[] _group = new float[RowTile.Rows * groupSize];
        private readonly float[] _groupWeights = new float[groupSize];

        public void Run(SquareBlock block, ReadOnlySpan<float> weight, ReadOnlySpan<bool> kept, Span<float> errors, QuantizedMatrix codes, int row)
        {
            int rows = Math.Min(RowTile.Rows, codes.Rows - row);
            int at = (row * codes.Columns) + block.First;
            ReadOnlySpan<bool> stays = kept.IsEmpty ? kept : kept[at..];
            _values.Load(weight[at..], codes.Columns, rows, block.Width);
            _mask.LoadMask(stays, codes.Columns, rows, block.Width);
            for (int start = 0; start < block.Width; start += groupSize)
            {
                int end = Math.Min(start + groupSize, block.Width);
                ChooseRanges(block, stays, codes, row, start, end - start);
                for (int panel = start; panel < end; panel += RowTile.Panel)
                {
                    int panelEnd = Math.Min(panel + RowTile.Panel, end);
                    _values.SubtractProducts(panel, panelEnd, _errors, start, panel - start, block);
                    for (int c = panel; c < panelEnd; c++)
                    {
                        _values.SubtractProducts(c, c + 1, _errors, panel, c - panel, block);
                        Round(c, diagonal[block.First + c]);
                    }
                }

                _values.SubtractProducts(end, block.Width, _errors, start, end - start, block);
            }

            _errors.Store(0, errors[(row * block.Width)..], block.Width, rows, block.Width);
            _codes.Store(codes.Codes[at..], codes.Columns, rows, block.Width);
        }

        private void ChooseRanges(SquareBlock block, ReadOnlySpan<bool> stays, QuantizedMatrix codes, int row, int start, int count)
        {
            int rows = Math.Min(RowTile.Rows, codes.Rows - row);
            ReadOnlySpan<float> own = weights.AsSpan(block.First + start, count);
            _values.Store(start, _group, count, rows, count);
            for (int j = 0; j < rows; j++)
            {
                Span<float> values = _group.AsSpan(j * count, count);
                if (!stays.IsEmpty)
                {
                    ReadOnlySpan<bool> stored = stays.Slice((j * codes.Columns) + start, count);
                    Vectors.Keep(values, stored, values);
                    Vectors.Keep(weights.AsSpan(block.First + start, count), stored, _groupWeights);
                    own = _groupWeights.AsSpan(0, count);
                }

                QuantizationRange range = QuantizationRange.Of(values, own, codes.Quantization);
                int group = ((row + j) * codes.Groups) + ((block.First + start) / groupSize);
                (codes.Scales[group], codes.Zeros[group]) = (range.Scale, range.Zero);
                _ranges.Set(j, range);
            }
        }

        private void Round(int column, float diagonal)
        {
            ReadOnlySpan<Vector<float>> values = _values[column];
            ReadOnlySpan<Vector<float>> mask = _mask[column];
            Span<Vector<float>> codes = _codes[column];
            Span<Vector<float>> errors = _errors[column];
            for (int v = 0; v < RowTile.VectorsPerColumn; v++)
            {
                Vector<float> code = _ranges.CodesOf(v, values[v]);
                codes[v] = code & mask[v];
                errors[v] = (values[v] - (_ranges.ValuesOf(v, code) & mask[v])) / diagonal;
            }
        }
    }
}
