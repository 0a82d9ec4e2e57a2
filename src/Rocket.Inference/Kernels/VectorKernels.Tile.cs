using System.Numerics;

namespace Rocket.Inference.Kernels;

/// <content>Tiles of three inputs and two rows in float32: twelve vectors of sums stay in registers.</content>
internal unsafe partial class VectorKernels
{
    private const int InputsAtOnce = 3;

    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        int t = 0;
        int pairs = count / 2 * 2;
        for (; t + InputsAtOnce <= tokens; t += InputsAtOnce)
        {
            for (int r = 0; r < pairs; r += 2)
            {
                MultiplyThreeByTwo(x + (t * xStride), xStride, rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r, yStride);
            }
        }

        for (int token = 0; token < tokens; token++)
        {
            for (int r = token < t ? pairs : 0; r < count; r++)
            {
                y[(token * yStride) + r] = DotInOrder(x + (token * xStride), rows + (r * rowStride), columns);
            }
        }
    }

    private static void MultiplyThreeByTwo(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        Vector<float> even00 = default, even01 = default, even10 = default, even11 = default, even20 = default, even21 = default;
        Vector<float> odd00 = default, odd01 = default, odd10 = default, odd11 = default, odd20 = default, odd21 = default;
        int i = 0;
        for (; i + (2 * Vector<float>.Count) <= columns; i += 2 * Vector<float>.Count)
        {
            Vector<float> row0 = Vector.Load(rows + i);
            Vector<float> row1 = Vector.Load(rows + rowStride + i);
            Vector<float> input = Vector.Load(x + i);
            even00 = Vector.FusedMultiplyAdd(row0, input, even00);
            even01 = Vector.FusedMultiplyAdd(row1, input, even01);
            input = Vector.Load(x + xStride + i);
            even10 = Vector.FusedMultiplyAdd(row0, input, even10);
            even11 = Vector.FusedMultiplyAdd(row1, input, even11);
            input = Vector.Load(x + (2 * xStride) + i);
            even20 = Vector.FusedMultiplyAdd(row0, input, even20);
            even21 = Vector.FusedMultiplyAdd(row1, input, even21);
            row0 = Vector.Load(rows + i + Vector<float>.Count);
            row1 = Vector.Load(rows + rowStride + i + Vector<float>.Count);
            input = Vector.Load(x + i + Vector<float>.Count);
            odd00 = Vector.FusedMultiplyAdd(row0, input, odd00);
            odd01 = Vector.FusedMultiplyAdd(row1, input, odd01);
            input = Vector.Load(x + xStride + i + Vector<float>.Count);
            odd10 = Vector.FusedMultiplyAdd(row0, input, odd10);
            odd11 = Vector.FusedMultiplyAdd(row1, input, odd11);
            input = Vector.Load(x + (2 * xStride) + i + Vector<float>.Count);
            odd20 = Vector.FusedMultiplyAdd(row0, input, odd20);
            odd21 = Vector.FusedMultiplyAdd(row1, input, odd21);
        }

        y[0] = Finish(x, rows, i, columns, even00, odd00);
        y[1] = Finish(x, rows + rowStride, i, columns, even01, odd01);
        y[yStride] = Finish(x + xStride, rows, i, columns, even10, odd10);
        y[yStride + 1] = Finish(x + xStride, rows + rowStride, i, columns, even11, odd11);
        y[(2 * yStride)] = Finish(x + (2 * xStride), rows, i, columns, even20, odd20);
        y[(2 * yStride) + 1] = Finish(x + (2 * xStride), rows + rowStride, i, columns, even21, odd21);
    }

    private static float DotInOrder(float* x, float* row, int columns)
    {
        Vector<float> even = default, odd = default;
        int i = 0;
        for (; i + (2 * Vector<float>.Count) <= columns; i += 2 * Vector<float>.Count)
        {
            even = Vector.FusedMultiplyAdd(Vector.Load(row + i), Vector.Load(x + i), even);
            odd = Vector.FusedMultiplyAdd(Vector.Load(row + i + Vector<float>.Count), Vector.Load(x + i + Vector<float>.Count), odd);
        }

        return Finish(x, row, i, columns, even, odd);
    }

    private static float Finish(float* x, float* row, int first, int columns, Vector<float> even, Vector<float> odd)
    {
        float sum = Vector.Sum(even + odd);
        for (int i = first; i < columns; i++)
        {
            sum = MathF.FusedMultiplyAdd(row[i], x[i], sum);
        }

        return sum;
    }
}
