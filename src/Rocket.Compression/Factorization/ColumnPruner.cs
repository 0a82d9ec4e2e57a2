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

    private readonly Tensor _weight;
    private readonly Tensor _factor;
    private readonly float[] _diagonal;
    private readonly float[] _rowWeights;
    private readonly int _dOut;
    private readonly int _dIn;

    /// <summary>Takes a linear.</summary>
    /// <param name="statistics">The linear; not owned.</param>
    /// <param name="inverse">Its inverse Gram matrix; not owned.</param>
    public ColumnPruner(LinearStatistics statistics, InverseGram inverse)
    {
        _weight = statistics.Weight;
        _rowWeights = statistics.RowWeights.ToArray();
        _dOut = statistics.DOut;
        _dIn = statistics.DIn;
        _factor = inverse.Factor;
        _diagonal = inverse.Diagonal;
    }

    /// <summary>A weight with all but <paramref name="kept"/> entries removed (zero) and the rest corrected, float32 <c>[d_out, d_in]</c>.</summary>
    /// <param name="kept">Entries that stay.</param>
    /// <param name="from">Where to start, of which the zeros go first; null: the linear's own weight.</param>
    public Tensor Prune(long kept, Tensor? from = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = (from ?? _weight).clone();
        int[] quotas = Quotas(weight.Elements<float>(), checked((int)(((long)_dOut * _dIn) - kept)));
        for (int start = 0; start < _dIn; start += BlockWidth)
        {
            int width = Math.Min(BlockWidth, _dIn - start);
            using DisposeScope blockScope = NewDisposeScope();
            Tensor errors = zeros([_dOut, width], ScalarType.Float32);
            PruneBlock(weight.Elements<float>(), errors.Elements<float>(), start, width, quotas[start / BlockWidth]);
            int rest = _dIn - start - width;
            if (rest > 0)
            {
                Tensor right = weight.narrow(1, start + width, rest);
                right.sub_(errors.mm(_factor.narrow(0, start, width).narrow(1, start + width, rest)));
            }
        }

        return weight.MoveToOuterDisposeScope();
    }

    // How many entries every block of columns loses.
    private int[] Quotas(ReadOnlySpan<float> weight, int removed)
    {
        uint[] scores = new uint[weight.Length];
        Score(weight, 0, _dIn, scores);
        (uint threshold, int ties) = LeastElements.Threshold(scores, removed);
        int[] quotas = new int[(_dIn + BlockWidth - 1) / BlockWidth];
        if (removed == 0)
        {
            return quotas;
        }

        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] < threshold || (scores[i] == threshold && ties-- > 0))
            {
                quotas[i % _dIn / BlockWidth]++;
            }
        }

        return quotas;
    }

    // b_j w_jc^2 / U_cc^2 of some columns, as bits of floats: what removing an entry costs.
    private void Score(ReadOnlySpan<float> weight, int start, int width, Span<uint> scores)
    {
        for (int j = 0; j < _dOut; j++)
        {
            ReadOnlySpan<float> row = weight.Slice((j * _dIn) + start, width);
            for (int c = 0; c < width; c++)
            {
                float worth = row[c] / _diagonal[start + c];
                scores[(j * width) + c] = BitConverter.SingleToUInt32Bits(_rowWeights[j] * worth * worth);
            }
        }
    }

    private void PruneBlock(Span<float> weight, Span<float> errors, int start, int width, int removed)
    {
        if (removed == 0)
        {
            return;
        }

        uint[] scores = new uint[_dOut * width];
        Score(weight, start, width, scores);
        (uint threshold, int ties) = LeastElements.Threshold(scores, removed);
        ReadOnlySpan<float> factor = _factor.Elements<float>();
        for (int j = 0; j < _dOut; j++)
        {
            Span<float> row = weight.Slice((j * _dIn) + start, width);
            for (int c = 0; c < width; c++)
            {
                uint score = scores[(j * width) + c];
                if (score > threshold || (score == threshold && ties-- <= 0))
                {
                    continue;
                }

                float error = row[c] / _diagonal[start + c];
                errors[(j * width) + c] = error;
                Vectors.SubtractScaled(row[(c + 1)..], factor.Slice(((start + c) * _dIn) + start + c + 1, width - c - 1), error);
                row[c] = 0;
            }
        }
    }
}
