using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Tiles of three inputs and four rows: 24 vectors of sums stay in registers.</content>
internal sealed unsafe partial class Avx512Kernels
{
    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        int t = 0;
        for (; t + 3 <= tokens; t += 3)
        {
            for (int r = 0; r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplyThree(x + (t * xStride), xStride, rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r, yStride);
            }
        }

        for (; t < tokens; t++)
        {
            for (int r = 0; r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplyOne(x + (t * xStride), rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r);
            }
        }

        for (int r = count / RowsAtOnce * RowsAtOnce; r < count; r++)
        {
            for (t = 0; t < tokens; t++)
            {
                y[(t * yStride) + r] = Dot(x + (t * xStride), rows + (r * rowStride), columns);
            }
        }
    }

    private static float Dot(float* x, float* row, int columns)
    {
        Vector512<float> sum = default, next = default;
        for (int i = 0; i < columns; i += Lanes)
        {
            Vector512<uint> mask = MaskOf(columns - i);
            (sum, next) = (next, Vector512.FusedMultiplyAdd(LoadPart(mask, row + i), LoadPart(mask, x + i), sum));
        }

        return Sums512.OfOne(sum + next);
    }

    private static Vector512<uint> MaskOf(int lanes) => Lanes512.Of16(lanes >= Lanes ? 0xFFFF : (1u << lanes) - 1);

    // Reads the marked lanes and nothing else.
    private static Vector512<float> LoadPart(Vector512<uint> mask, float* source)
        => Avx512F.MaskLoad((uint*)source, mask, Vector512<uint>.Zero).AsSingle();

    private static void MultiplyThree(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        Vector512<float> e00 = default, e01 = default, e02 = default, e03 = default;
        Vector512<float> o00 = default, o01 = default, o02 = default, o03 = default;
        Vector512<float> e10 = default, e11 = default, e12 = default, e13 = default;
        Vector512<float> o10 = default, o11 = default, o12 = default, o13 = default;
        Vector512<float> e20 = default, e21 = default, e22 = default, e23 = default;
        Vector512<float> o20 = default, o21 = default, o22 = default, o23 = default;
        int i = 0;
        for (; i + Block <= columns; i += Block)
        {
            Vector512<float> row0 = Vector512.Load(rows + i);
            Vector512<float> row1 = Vector512.Load(rows + rowStride + i);
            Vector512<float> row2 = Vector512.Load(rows + (2 * rowStride) + i);
            Vector512<float> row3 = Vector512.Load(rows + (3 * rowStride) + i);
            Vector512<float> input = Vector512.Load(x + i);
            e00 = Vector512.FusedMultiplyAdd(row0, input, e00);
            e01 = Vector512.FusedMultiplyAdd(row1, input, e01);
            e02 = Vector512.FusedMultiplyAdd(row2, input, e02);
            e03 = Vector512.FusedMultiplyAdd(row3, input, e03);
            input = Vector512.Load(x + xStride + i);
            e10 = Vector512.FusedMultiplyAdd(row0, input, e10);
            e11 = Vector512.FusedMultiplyAdd(row1, input, e11);
            e12 = Vector512.FusedMultiplyAdd(row2, input, e12);
            e13 = Vector512.FusedMultiplyAdd(row3, input, e13);
            input = Vector512.Load(x + (2 * xStride) + i);
            e20 = Vector512.FusedMultiplyAdd(row0, input, e20);
            e21 = Vector512.FusedMultiplyAdd(row1, input, e21);
            e22 = Vector512.FusedMultiplyAdd(row2, input, e22);
            e23 = Vector512.FusedMultiplyAdd(row3, input, e23);
            row0 = Vector512.Load(rows + i + Lanes);
            row1 = Vector512.Load(rows + rowStride + i + Lanes);
            row2 = Vector512.Load(rows + (2 * rowStride) + i + Lanes);
            row3 = Vector512.Load(rows + (3 * rowStride) + i + Lanes);
            input = Vector512.Load(x + i + Lanes);
            o00 = Vector512.FusedMultiplyAdd(row0, input, o00);
            o01 = Vector512.FusedMultiplyAdd(row1, input, o01);
            o02 = Vector512.FusedMultiplyAdd(row2, input, o02);
            o03 = Vector512.FusedMultiplyAdd(row3, input, o03);
            input = Vector512.Load(x + xStride + i + Lanes);
            o10 = Vector512.FusedMultiplyAdd(row0, input, o10);
            o11 = Vector512.FusedMultiplyAdd(row1, input, o11);
            o12 = Vector512.FusedMultiplyAdd(row2, input, o12);
            o13 = Vector512.FusedMultiplyAdd(row3, input, o13);
            input = Vector512.Load(x + (2 * xStride) + i + Lanes);
            o20 = Vector512.FusedMultiplyAdd(row0, input, o20);
            o21 = Vector512.FusedMultiplyAdd(row1, input, o21);
            o22 = Vector512.FusedMultiplyAdd(row2, input, o22);
            o23 = Vector512.FusedMultiplyAdd(row3, input, o23);
        }

        if (i < columns)
        {
            Vector512<uint> mask = MaskOf(columns - i);
            Vector512<float> row0 = LoadPart(mask, rows + i);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i);
            Vector512<float> input = LoadPart(mask, x + i);
            e00 = Vector512.FusedMultiplyAdd(row0, input, e00);
            e01 = Vector512.FusedMultiplyAdd(row1, input, e01);
            e02 = Vector512.FusedMultiplyAdd(row2, input, e02);
            e03 = Vector512.FusedMultiplyAdd(row3, input, e03);
            input = LoadPart(mask, x + xStride + i);
            e10 = Vector512.FusedMultiplyAdd(row0, input, e10);
            e11 = Vector512.FusedMultiplyAdd(row1, input, e11);
            e12 = Vector512.FusedMultiplyAdd(row2, input, e12);
            e13 = Vector512.FusedMultiplyAdd(row3, input, e13);
            input = LoadPart(mask, x + (2 * xStride) + i);
            e20 = Vector512.FusedMultiplyAdd(row0, input, e20);
            e21 = Vector512.FusedMultiplyAdd(row1, input, e21);
            e22 = Vector512.FusedMultiplyAdd(row2, input, e22);
            e23 = Vector512.FusedMultiplyAdd(row3, input, e23);
        }

        if (i + Lanes < columns)
        {
            Vector512<uint> mask = MaskOf(columns - i - Lanes);
            Vector512<float> row0 = LoadPart(mask, rows + i + Lanes);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i + Lanes);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i + Lanes);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i + Lanes);
            Vector512<float> input = LoadPart(mask, x + i + Lanes);
            o00 = Vector512.FusedMultiplyAdd(row0, input, o00);
            o01 = Vector512.FusedMultiplyAdd(row1, input, o01);
            o02 = Vector512.FusedMultiplyAdd(row2, input, o02);
            o03 = Vector512.FusedMultiplyAdd(row3, input, o03);
            input = LoadPart(mask, x + xStride + i + Lanes);
            o10 = Vector512.FusedMultiplyAdd(row0, input, o10);
            o11 = Vector512.FusedMultiplyAdd(row1, input, o11);
            o12 = Vector512.FusedMultiplyAdd(row2, input, o12);
            o13 = Vector512.FusedMultiplyAdd(row3, input, o13);
            input = LoadPart(mask, x + (2 * xStride) + i + Lanes);
            o20 = Vector512.FusedMultiplyAdd(row0, input, o20);
            o21 = Vector512.FusedMultiplyAdd(row1, input, o21);
            o22 = Vector512.FusedMultiplyAdd(row2, input, o22);
            o23 = Vector512.FusedMultiplyAdd(row3, input, o23);
        }

        Sums512.OfFour(e00 + o00, e01 + o01, e02 + o02, e03 + o03).Store(y);
        Sums512.OfFour(e10 + o10, e11 + o11, e12 + o12, e13 + o13).Store(y + yStride);
        Sums512.OfFour(e20 + o20, e21 + o21, e22 + o22, e23 + o23).Store(y + (2 * yStride));
    }

    private static void MultiplyOne(float* x, float* rows, nint rowStride, int columns, float* y)
    {
        Vector512<float> e00 = default, e01 = default, e02 = default, e03 = default;
        Vector512<float> o00 = default, o01 = default, o02 = default, o03 = default;
        int i = 0;
        for (; i + Block <= columns; i += Block)
        {
            Vector512<float> row0 = Vector512.Load(rows + i);
            Vector512<float> row1 = Vector512.Load(rows + rowStride + i);
            Vector512<float> row2 = Vector512.Load(rows + (2 * rowStride) + i);
            Vector512<float> row3 = Vector512.Load(rows + (3 * rowStride) + i);
            Vector512<float> input = Vector512.Load(x + i);
            e00 = Vector512.FusedMultiplyAdd(row0, input, e00);
            e01 = Vector512.FusedMultiplyAdd(row1, input, e01);
            e02 = Vector512.FusedMultiplyAdd(row2, input, e02);
            e03 = Vector512.FusedMultiplyAdd(row3, input, e03);
            row0 = Vector512.Load(rows + i + Lanes);
            row1 = Vector512.Load(rows + rowStride + i + Lanes);
            row2 = Vector512.Load(rows + (2 * rowStride) + i + Lanes);
            row3 = Vector512.Load(rows + (3 * rowStride) + i + Lanes);
            input = Vector512.Load(x + i + Lanes);
            o00 = Vector512.FusedMultiplyAdd(row0, input, o00);
            o01 = Vector512.FusedMultiplyAdd(row1, input, o01);
            o02 = Vector512.FusedMultiplyAdd(row2, input, o02);
            o03 = Vector512.FusedMultiplyAdd(row3, input, o03);
        }

        if (i < columns)
        {
            Vector512<uint> mask = MaskOf(columns - i);
            Vector512<float> row0 = LoadPart(mask, rows + i);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i);
            Vector512<float> input = LoadPart(mask, x + i);
            e00 = Vector512.FusedMultiplyAdd(row0, input, e00);
            e01 = Vector512.FusedMultiplyAdd(row1, input, e01);
            e02 = Vector512.FusedMultiplyAdd(row2, input, e02);
            e03 = Vector512.FusedMultiplyAdd(row3, input, e03);
        }

        if (i + Lanes < columns)
        {
            Vector512<uint> mask = MaskOf(columns - i - Lanes);
            Vector512<float> row0 = LoadPart(mask, rows + i + Lanes);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i + Lanes);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i + Lanes);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i + Lanes);
            Vector512<float> input = LoadPart(mask, x + i + Lanes);
            o00 = Vector512.FusedMultiplyAdd(row0, input, o00);
            o01 = Vector512.FusedMultiplyAdd(row1, input, o01);
            o02 = Vector512.FusedMultiplyAdd(row2, input, o02);
            o03 = Vector512.FusedMultiplyAdd(row3, input, o03);
        }

        Sums512.OfFour(e00 + o00, e01 + o01, e02 + o02, e03 + o03).Store(y);
    }
}
