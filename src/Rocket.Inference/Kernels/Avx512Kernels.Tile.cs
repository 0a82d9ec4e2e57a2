using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Tiles of six inputs and four rows: 24 vectors of sums stay in registers.</content>
internal sealed unsafe partial class Avx512Kernels
{
    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        int t = 0;
        for (; t + 6 <= tokens; t += 6)
        {
            for (int r = 0; r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplySix(x + (t * xStride), xStride, rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r, yStride);
            }
        }

        for (; t + 2 <= tokens; t += 2)
        {
            for (int r = 0; r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplyTwo(x + (t * xStride), xStride, rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r, yStride);
            }
        }

        for (int r = 0; t < tokens && r + RowsAtOnce <= count; r += RowsAtOnce)
        {
            MultiplyOne(x + (t * xStride), rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r);
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
        Vector512<float> sum = default;
        int i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(row + i), Vector512.Load(x + i), sum);
        }

        if (i < columns)
        {
            Vector512<uint> mask = Lanes512.Of16((1u << (columns - i)) - 1);
            sum = Vector512.FusedMultiplyAdd(LoadPart(mask, row + i), LoadPart(mask, x + i), sum);
        }

        return Sums512.OfOne(sum);
    }

    // Reads the marked lanes and nothing else.
    private static Vector512<float> LoadPart(Vector512<uint> mask, float* source)
        => Avx512F.MaskLoad((uint*)source, mask, Vector512<uint>.Zero).AsSingle();

    private static void MultiplySix(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s43 = default;
        Vector512<float> s50 = default, s51 = default, s52 = default, s53 = default;
        int i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            Vector512<float> row0 = Vector512.Load(rows + i);
            Vector512<float> row1 = Vector512.Load(rows + rowStride + i);
            Vector512<float> row2 = Vector512.Load(rows + (2 * rowStride) + i);
            Vector512<float> row3 = Vector512.Load(rows + (3 * rowStride) + i);
            Vector512<float> input = Vector512.Load(x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
            input = Vector512.Load(x + xStride + i);
            s10 = Vector512.FusedMultiplyAdd(row0, input, s10);
            s11 = Vector512.FusedMultiplyAdd(row1, input, s11);
            s12 = Vector512.FusedMultiplyAdd(row2, input, s12);
            s13 = Vector512.FusedMultiplyAdd(row3, input, s13);
            input = Vector512.Load(x + (2 * xStride) + i);
            s20 = Vector512.FusedMultiplyAdd(row0, input, s20);
            s21 = Vector512.FusedMultiplyAdd(row1, input, s21);
            s22 = Vector512.FusedMultiplyAdd(row2, input, s22);
            s23 = Vector512.FusedMultiplyAdd(row3, input, s23);
            input = Vector512.Load(x + (3 * xStride) + i);
            s30 = Vector512.FusedMultiplyAdd(row0, input, s30);
            s31 = Vector512.FusedMultiplyAdd(row1, input, s31);
            s32 = Vector512.FusedMultiplyAdd(row2, input, s32);
            s33 = Vector512.FusedMultiplyAdd(row3, input, s33);
            input = Vector512.Load(x + (4 * xStride) + i);
            s40 = Vector512.FusedMultiplyAdd(row0, input, s40);
            s41 = Vector512.FusedMultiplyAdd(row1, input, s41);
            s42 = Vector512.FusedMultiplyAdd(row2, input, s42);
            s43 = Vector512.FusedMultiplyAdd(row3, input, s43);
            input = Vector512.Load(x + (5 * xStride) + i);
            s50 = Vector512.FusedMultiplyAdd(row0, input, s50);
            s51 = Vector512.FusedMultiplyAdd(row1, input, s51);
            s52 = Vector512.FusedMultiplyAdd(row2, input, s52);
            s53 = Vector512.FusedMultiplyAdd(row3, input, s53);
        }

        if (i < columns)
        {
            Vector512<uint> mask = Lanes512.Of16((1u << (columns - i)) - 1);
            Vector512<float> row0 = LoadPart(mask, rows + i);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i);
            Vector512<float> input = LoadPart(mask, x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
            input = LoadPart(mask, x + xStride + i);
            s10 = Vector512.FusedMultiplyAdd(row0, input, s10);
            s11 = Vector512.FusedMultiplyAdd(row1, input, s11);
            s12 = Vector512.FusedMultiplyAdd(row2, input, s12);
            s13 = Vector512.FusedMultiplyAdd(row3, input, s13);
            input = LoadPart(mask, x + (2 * xStride) + i);
            s20 = Vector512.FusedMultiplyAdd(row0, input, s20);
            s21 = Vector512.FusedMultiplyAdd(row1, input, s21);
            s22 = Vector512.FusedMultiplyAdd(row2, input, s22);
            s23 = Vector512.FusedMultiplyAdd(row3, input, s23);
            input = LoadPart(mask, x + (3 * xStride) + i);
            s30 = Vector512.FusedMultiplyAdd(row0, input, s30);
            s31 = Vector512.FusedMultiplyAdd(row1, input, s31);
            s32 = Vector512.FusedMultiplyAdd(row2, input, s32);
            s33 = Vector512.FusedMultiplyAdd(row3, input, s33);
            input = LoadPart(mask, x + (4 * xStride) + i);
            s40 = Vector512.FusedMultiplyAdd(row0, input, s40);
            s41 = Vector512.FusedMultiplyAdd(row1, input, s41);
            s42 = Vector512.FusedMultiplyAdd(row2, input, s42);
            s43 = Vector512.FusedMultiplyAdd(row3, input, s43);
            input = LoadPart(mask, x + (5 * xStride) + i);
            s50 = Vector512.FusedMultiplyAdd(row0, input, s50);
            s51 = Vector512.FusedMultiplyAdd(row1, input, s51);
            s52 = Vector512.FusedMultiplyAdd(row2, input, s52);
            s53 = Vector512.FusedMultiplyAdd(row3, input, s53);
        }

        Sums512.OfFour(s00, s01, s02, s03).Store(y);
        Sums512.OfFour(s10, s11, s12, s13).Store(y + yStride);
        Sums512.OfFour(s20, s21, s22, s23).Store(y + (2 * yStride));
        Sums512.OfFour(s30, s31, s32, s33).Store(y + (3 * yStride));
        Sums512.OfFour(s40, s41, s42, s43).Store(y + (4 * yStride));
        Sums512.OfFour(s50, s51, s52, s53).Store(y + (5 * yStride));
    }

    private static void MultiplyTwo(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        int i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            Vector512<float> row0 = Vector512.Load(rows + i);
            Vector512<float> row1 = Vector512.Load(rows + rowStride + i);
            Vector512<float> row2 = Vector512.Load(rows + (2 * rowStride) + i);
            Vector512<float> row3 = Vector512.Load(rows + (3 * rowStride) + i);
            Vector512<float> input = Vector512.Load(x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
            input = Vector512.Load(x + xStride + i);
            s10 = Vector512.FusedMultiplyAdd(row0, input, s10);
            s11 = Vector512.FusedMultiplyAdd(row1, input, s11);
            s12 = Vector512.FusedMultiplyAdd(row2, input, s12);
            s13 = Vector512.FusedMultiplyAdd(row3, input, s13);
        }

        if (i < columns)
        {
            Vector512<uint> mask = Lanes512.Of16((1u << (columns - i)) - 1);
            Vector512<float> row0 = LoadPart(mask, rows + i);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i);
            Vector512<float> input = LoadPart(mask, x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
            input = LoadPart(mask, x + xStride + i);
            s10 = Vector512.FusedMultiplyAdd(row0, input, s10);
            s11 = Vector512.FusedMultiplyAdd(row1, input, s11);
            s12 = Vector512.FusedMultiplyAdd(row2, input, s12);
            s13 = Vector512.FusedMultiplyAdd(row3, input, s13);
        }

        Sums512.OfFour(s00, s01, s02, s03).Store(y);
        Sums512.OfFour(s10, s11, s12, s13).Store(y + yStride);
    }

    private static void MultiplyOne(float* x, float* rows, nint rowStride, int columns, float* y)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        int i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            Vector512<float> row0 = Vector512.Load(rows + i);
            Vector512<float> row1 = Vector512.Load(rows + rowStride + i);
            Vector512<float> row2 = Vector512.Load(rows + (2 * rowStride) + i);
            Vector512<float> row3 = Vector512.Load(rows + (3 * rowStride) + i);
            Vector512<float> input = Vector512.Load(x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
        }

        if (i < columns)
        {
            Vector512<uint> mask = Lanes512.Of16((1u << (columns - i)) - 1);
            Vector512<float> row0 = LoadPart(mask, rows + i);
            Vector512<float> row1 = LoadPart(mask, rows + rowStride + i);
            Vector512<float> row2 = LoadPart(mask, rows + (2 * rowStride) + i);
            Vector512<float> row3 = LoadPart(mask, rows + (3 * rowStride) + i);
            Vector512<float> input = LoadPart(mask, x + i);
            s00 = Vector512.FusedMultiplyAdd(row0, input, s00);
            s01 = Vector512.FusedMultiplyAdd(row1, input, s01);
            s02 = Vector512.FusedMultiplyAdd(row2, input, s02);
            s03 = Vector512.FusedMultiplyAdd(row3, input, s03);
        }

        Sums512.OfFour(s00, s01, s02, s03).Store(y);
    }
}
