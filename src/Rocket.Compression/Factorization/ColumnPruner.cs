using System.Numerics;
using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Removes entries of a weight in one pass over its columns and corrects what stays: the optimal brain surgeon, as SparseGPT runs it.</summary>
/// <remarks>
/// H = G + 0.01 mean(diag G) I, H^-1 = U^T U with U upper triangular. Columns go in blocks of 64; in a block the entries with the least
/// b_j w_jc^2 / U_cc^2 go, and what a removed entry was worth, w_jc / U_cc times row c of U, is taken from the columns on its right.
/// Frantar and Alistarh, SparseGPT (arXiv 2301.00774), with rows weighed by b. There every block loses the same share; here as many as the
/// least of the whole matrix lie in it at the start. Where inputs differ in size, as the heads of an attention's output do, that halves the loss.
/// </remarks>
internal sealed class ColumnPruner : IDisposable
{
    private const double Damping = 0.01;
    private const int BlockWidth = 64;

    private readonly Tensor _weight;
    private readonly Tensor _factor;
    private readonly float[] _diagonal;
    private readonly float[] _rowWeights;
    private readonly int _dOut;
    private readonly int _dIn;

    public ColumnPruner(LinearStatistics statistics)
    {
        using DisposeScope scope = NewDisposeScope();
        _weight = statistics.Weight;
        _rowWeights = statistics.RowWeights.ToArray();
        _dOut = statistics.DOut;
        _dIn = statistics.DIn;

        // The Gram matrix is scaled to a mean diagonal of 1; one of zeros keeps a ridge that can be inverted.
        Tensor damped = statistics.Gram.Plus(eye(_dIn, dtype: ScalarType.Float64).Times(Damping));
        (Tensor lower, Tensor info) = linalg.cholesky_ex(damped);
        if (info.Value<int>() != 0)
        {
            throw Diagnostics.CompressionErrors.GramNotPositive(statistics.Name, double.NaN, double.NaN);
        }

        Tensor inverse = cholesky_inverse(lower);
        Tensor factor = linalg.cholesky(inverse.Plus(inverse.t()).Times(0.5)).t();
        _factor = factor.to_type(ScalarType.Float32).contiguous().DetachFromDisposeScope();
        using Tensor diagonal = _factor.diagonal().contiguous();
        _diagonal = diagonal.Elements<float>().ToArray();
    }

    /// <summary>W with all but <paramref name="kept"/> entries removed (zero) and the rest corrected, float32 <c>[d_out, d_in]</c>.</summary>
    public Tensor Prune(long kept)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = _weight.clone();
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

    /// <inheritdoc/>
    public void Dispose() => _factor.Dispose();

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
                SubtractScaled(row[(c + 1)..], factor.Slice(((start + c) * _dIn) + start + c + 1, width - c - 1), error);
                row[c] = 0;
            }
        }
    }

    private static void SubtractScaled(Span<float> target, ReadOnlySpan<float> direction, float factor)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(target);
        ReadOnlySpan<Vector<float>> wideDirection = MemoryMarshal.Cast<float, Vector<float>>(direction);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] -= wideDirection[i] * factor;
        }

        for (int i = wide.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] -= direction[i] * factor;
        }
    }
}
