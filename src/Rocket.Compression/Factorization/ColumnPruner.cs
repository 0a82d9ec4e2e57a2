using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Removes entries of a weight in one pass over its columns and corrects what stays: the optimal brain surgeon, as SparseGPT runs it.</summary>
/// <remarks>
/// With U of <see cref="InverseGram"/>, columns go in blocks of 32; in a block the entries with the least
/// b_j w_jc^2 / U_cc^2 go, and what a removed entry was worth, w_jc / U_cc times row c of U, is taken from the columns on its right.
/// Frantar and Alistarh, SparseGPT (arXiv 2301.00774), with rows weighed by b. There every block loses the same share; here as many as the
/// least of the whole matrix lie in it at the start. Where inputs differ in size, as the heads of an attention's output do, that halves the loss.
/// </remarks>
internal sealed class ColumnPruner
{
    private const int BlockWidth = 32;

    // Four blocks: a product of so many columns no longer waits for memory.
    private const int StripWidth = 4 * BlockWidth;

    private readonly Tensor _weight;
    private readonly Tensor _factor;
    private readonly float[] _inverse;
    private readonly float[] _rowWeights;
    private readonly int _dOut;
    private readonly int _dIn;

    /// <summary>Takes a linear.</summary>
    /// <param name="statistics">The linear; not owned.</param>
    /// <param name="inverse">Its inverse Gram matrix; not owned.</param>
    public ColumnPruner(LinearStatistics statistics, InverseGram inverse)
    {
        _weight = statistics.Weight;
        _rowWeights = statistics.SelectionWeights.ToArray();
        _dOut = statistics.DOut;
        _dIn = statistics.DIn;
        _factor = inverse.Factor;
        _inverse = [.. inverse.Diagonal.Select(u => 1 / u)];
    }

    /// <summary>A weight with all but <paramref name="kept"/> entries removed (zero) and the rest corrected, float32 <c>[d_out, d_in]</c>.</summary>
    /// <param name="kept">Entries that stay.</param>
    /// <param name="from">Where to start, of which the zeros go first; null: the linear's own weight.</param>
    public Tensor Prune(long kept, Tensor? from = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = (from ?? _weight).clone();
        int[] quotas = Quotas(weight.Elements<float>(), checked((int)(((long)_dOut * _dIn) - kept)));
        uint[] scores = new uint[_dOut * BlockWidth];
        for (int start = 0; start < _dIn; start += StripWidth)
        {
            using DisposeScope stripScope = NewDisposeScope();
            int width = Math.Min(StripWidth, _dIn - start);
            Tensor errors = zeros([_dOut, width], ScalarType.Float32);
            Tensor factor = _factor.narrow(0, start, width);
            var strip = new Strip(weight.Elements<float>(), errors.Elements<float>(), factor.Elements<float>(), start, width);
            for (int first = start; first < start + width; first += BlockWidth)
            {
                int quota = quotas[first / BlockWidth];
                if (quota > 0)
                {
                    PruneBlock(strip, first, quota, scores);
                }
            }

            int rest = _dIn - start - width;
            if (rest > 0)
            {
                Tensor right = weight.narrow(1, start + width, rest);
                right.sub_(errors.mm(factor.narrow(1, start + width, rest)));
            }
        }

        return weight.MoveToOuterDisposeScope();
    }

    // How many entries every block of columns loses.
    private int[] Quotas(ReadOnlySpan<float> weight, int removed)
    {
        int[] quotas = new int[(_dIn + BlockWidth - 1) / BlockWidth];
        if (removed == 0)
        {
            return quotas;
        }

        uint[] scores = new uint[weight.Length];
        Score(weight, 0, _dIn, scores);
        (uint threshold, int ties) = LeastElements.Threshold(scores, removed);
        for (int j = 0; j < _dOut; j++)
        {
            ReadOnlySpan<uint> row = scores.AsSpan(j * _dIn, _dIn);
            for (int c = 0; c < row.Length; c++)
            {
                if (row[c] < threshold || (row[c] == threshold && ties-- > 0))
                {
                    quotas[c / BlockWidth]++;
                }
            }
        }

        return quotas;
    }

    // b_j w_jc^2 / U_cc^2 of some columns, as bits of floats: what removing an entry costs.
    private void Score(ReadOnlySpan<float> weight, int start, int width, Span<uint> scores)
    {
        ReadOnlySpan<float> inverse = _inverse.AsSpan(start, width);
        for (int j = 0; j < _dOut; j++)
        {
            ReadOnlySpan<float> row = weight.Slice((j * _dIn) + start, width);
            Span<float> target = MemoryMarshal.Cast<uint, float>(scores.Slice(j * width, width));
            Vectors.ScaledSquares(row, inverse, _rowWeights[j], target);
        }
    }

    // What follows the block in its strip is corrected at once, the rest once the strip is done.
    private void PruneBlock(Strip strip, int first, int removed, Span<uint> scores)
    {
        int width = Math.Min(BlockWidth, strip.Start + strip.Width - first);
        Score(strip.Weight, first, width, scores);
        (uint threshold, int ties) = LeastElements.Threshold(scores[..(_dOut * width)], removed);
        for (int j = 0; j < _dOut; j++)
        {
            Span<float> row = strip.Weight.Slice((j * _dIn) + strip.Start, strip.Width);
            Span<float> errors = strip.Errors.Slice(j * strip.Width, strip.Width);
            ReadOnlySpan<uint> own = scores.Slice(j * width, width);
            for (int c = 0; c < own.Length; c++)
            {
                int column = first - strip.Start + c;
                if (own[c] > threshold || (own[c] == threshold && ties-- <= 0) || row[column] == 0)
                {
                    continue;
                }

                errors[column] = row[column] * _inverse[first + c];
                Vectors.SubtractScaled(row[(column + 1)..], strip.Factor.Slice((column * _dIn) + first + c + 1, strip.Width - column - 1), errors[column]);
                row[column] = 0;
            }
        }
    }

    // Columns of the weight [d_out, d_in] with their errors [d_out, width] and their rows of U [width, d_in].
    private readonly ref struct Strip(Span<float> weight, Span<float> errors, ReadOnlySpan<float> factor, int start, int width)
    {
        public Span<float> Weight { get; } = weight;

        public Span<float> Errors { get; } = errors;

        public ReadOnlySpan<float> Factor { get; } = factor;

        public int Start { get; } = start;

        public int Width { get; } = width;
    }
}
