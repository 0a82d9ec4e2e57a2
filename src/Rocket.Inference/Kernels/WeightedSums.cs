using System.Numerics;

namespace Rocket.Inference.Kernels;

/// <summary>Sums of rows with weights: the second half of attention. Rows are added in order, whatever the tile.</summary>
internal static unsafe class WeightedSums
{
    private const int TokensAtOnce = 4;

    private static int Width => Vector<float>.Count;

    /// <summary>y_t = the sum over k of weights[t * weightStride + k] * row k.</summary>
    public static void Run(float* weights, nint weightStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        int column = 0;
        for (; column + (2 * Width) <= columns; column += 2 * Width)
        {
            int t = 0;
            for (; t + TokensAtOnce <= tokens; t += TokensAtOnce)
            {
                SumFour(weights + (t * weightStride), weightStride, rows + column, rowStride, count, y + (t * yStride) + column, yStride);
            }

            for (; t < tokens; t++)
            {
                SumOne(weights + (t * weightStride), rows + column, rowStride, count, y + (t * yStride) + column);
            }
        }

        for (; column < columns; column++)
        {
            for (int t = 0; t < tokens; t++)
            {
                float sum = 0;
                for (int k = 0; k < count; k++)
                {
                    sum = MathF.FusedMultiplyAdd(weights[(t * weightStride) + k], rows[(k * rowStride) + column], sum);
                }

                y[(t * yStride) + column] = sum;
            }
        }
    }

    private static void SumFour(float* weights, nint weightStride, float* rows, nint rowStride, int count, float* y, nint yStride)
    {
        Vector<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (int k = 0; k < count; k++)
        {
            Vector<float> row0 = Vector.Load(rows);
            Vector<float> row1 = Vector.Load(rows + Width);
            rows += rowStride;
            Vector<float> weight = new(weights[k]);
            s00 = Vector.FusedMultiplyAdd(weight, row0, s00);
            s01 = Vector.FusedMultiplyAdd(weight, row1, s01);
            weight = new(weights[weightStride + k]);
            s10 = Vector.FusedMultiplyAdd(weight, row0, s10);
            s11 = Vector.FusedMultiplyAdd(weight, row1, s11);
            weight = new(weights[(2 * weightStride) + k]);
            s20 = Vector.FusedMultiplyAdd(weight, row0, s20);
            s21 = Vector.FusedMultiplyAdd(weight, row1, s21);
            weight = new(weights[(3 * weightStride) + k]);
            s30 = Vector.FusedMultiplyAdd(weight, row0, s30);
            s31 = Vector.FusedMultiplyAdd(weight, row1, s31);
        }

        s00.Store(y);
        s01.Store(y + Width);
        s10.Store(y + yStride);
        s11.Store(y + yStride + Width);
        s20.Store(y + (2 * yStride));
        s21.Store(y + (2 * yStride) + Width);
        s30.Store(y + (3 * yStride));
        s31.Store(y + (3 * yStride) + Width);
    }

    private static void SumOne(float* weights, float* rows, nint rowStride, int count, float* y)
    {
        Vector<float> s0 = default, s1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector<float> weight = new(weights[k]);
            s0 = Vector.FusedMultiplyAdd(weight, Vector.Load(rows), s0);
            s1 = Vector.FusedMultiplyAdd(weight, Vector.Load(rows + Width), s1);
            rows += rowStride;
        }

        s0.Store(y);
        s1.Store(y + Width);
    }
}
