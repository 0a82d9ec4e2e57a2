using System.Numerics;

namespace Rocket.Inference.Kernels;

/// <content>Tiles of inputs and rows in float32.</content>
internal unsafe partial class VectorKernels
{
    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        for (int t = 0; t < tokens; t += 2)
        {
            float* first = x + (t * xStride);
            float* result = y + (t * yStride);
            bool isPair = t + 1 < tokens;
            int r = 0;
            for (; isPair && r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplyTwoByFour(first, xStride, rows + (r * rowStride), rowStride, columns, result + r, yStride);
            }

            for (; r < count; r++)
            {
                result[r] = DotInOrder(first, rows + (r * rowStride), columns);
                if (isPair)
                {
                    result[yStride + r] = DotInOrder(first + xStride, rows + (r * rowStride), columns);
                }
            }
        }
    }

    private static void MultiplyTwoByFour(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        Vector<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        int i = 0;
        for (; i + Vector<float>.Count <= columns; i += Vector<float>.Count)
        {
            Vector<float> x0 = Vector.Load(x + i);
            Vector<float> x1 = Vector.Load(x + xStride + i);
            Vector<float> row = Vector.Load(rows + i);
            s00 = Vector.FusedMultiplyAdd(row, x0, s00);
            s10 = Vector.FusedMultiplyAdd(row, x1, s10);
            row = Vector.Load(rows + rowStride + i);
            s01 = Vector.FusedMultiplyAdd(row, x0, s01);
            s11 = Vector.FusedMultiplyAdd(row, x1, s11);
            row = Vector.Load(rows + (2 * rowStride) + i);
            s02 = Vector.FusedMultiplyAdd(row, x0, s02);
            s12 = Vector.FusedMultiplyAdd(row, x1, s12);
            row = Vector.Load(rows + (3 * rowStride) + i);
            s03 = Vector.FusedMultiplyAdd(row, x0, s03);
            s13 = Vector.FusedMultiplyAdd(row, x1, s13);
        }

        y[0] = Finish(x, rows, i, columns, s00);
        y[1] = Finish(x, rows + rowStride, i, columns, s01);
        y[2] = Finish(x, rows + (2 * rowStride), i, columns, s02);
        y[3] = Finish(x, rows + (3 * rowStride), i, columns, s03);
        y[yStride] = Finish(x + xStride, rows, i, columns, s10);
        y[yStride + 1] = Finish(x + xStride, rows + rowStride, i, columns, s11);
        y[yStride + 2] = Finish(x + xStride, rows + (2 * rowStride), i, columns, s12);
        y[yStride + 3] = Finish(x + xStride, rows + (3 * rowStride), i, columns, s13);
    }

    private static float DotInOrder(float* x, float* row, int columns)
    {
        Vector<float> sum = default;
        int i = 0;
        for (; i + Vector<float>.Count <= columns; i += Vector<float>.Count)
        {
            sum = Vector.FusedMultiplyAdd(Vector.Load(row + i), Vector.Load(x + i), sum);
        }

        return Finish(x, row, i, columns, sum);
    }

    private static float Finish(float* x, float* row, int first, int columns, Vector<float> sums)
    {
        float sum = Vector.Sum(sums);
        for (int i = first; i < columns; i++)
        {
            sum = MathF.FusedMultiplyAdd(row[i], x[i], sum);
        }

        return sum;
    }
}
