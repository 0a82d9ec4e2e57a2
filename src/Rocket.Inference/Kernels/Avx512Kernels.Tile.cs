using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <content>Tiles of six inputs and four rows: 24 vectors of sums stay in registers.</content>
internal sealed unsafe partial class Avx512Kernels
{
    private const int InputsAtOnce = 6;

    /// <inheritdoc/>
    public override void MultiplyTile(float* x, nint xStride, int tokens, float* rows, nint rowStride, int count, int columns, float* y, nint yStride)
    {
        int t = 0;
        for (; t + InputsAtOnce <= tokens; t += InputsAtOnce)
        {
            for (int r = 0; r + RowsAtOnce <= count; r += RowsAtOnce)
            {
                MultiplySix(x + (t * xStride), xStride, rows + (r * rowStride), rowStride, columns, y + (t * yStride) + r, yStride);
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

    // Even vectors of columns and odd ones have sums of their own, as everywhere; both at once would need 48 registers.
    [SkipLocalsInit]
    private static void MultiplySix(float* x, nint xStride, float* rows, nint rowStride, int columns, float* y, nint yStride)
    {
        const int Tile = InputsAtOnce * RowsAtOnce;
        Vector512<float>* sums = stackalloc Vector512<float>[2 * Tile];
        AddEveryOther(x, xStride, rows, rowStride, columns, sums);
        AddEveryOther(x + Lanes, xStride, rows + Lanes, rowStride, columns - Lanes, sums + Tile);
        for (int t = 0; t < InputsAtOnce; t++, sums += RowsAtOnce)
        {
            Sums512.OfFour(sums[0] + sums[Tile], sums[1] + sums[Tile + 1], sums[2] + sums[Tile + 2], sums[3] + sums[Tile + 3]).Store(y + (t * yStride));
        }
    }

    // Sums [6, 4] over the vectors of columns 0, 2, 4, ..
    private static void AddEveryOther(float* x, nint xStride, float* rows, nint rowStride, int columns, Vector512<float>* sums)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s43 = default;
        Vector512<float> s50 = default, s51 = default, s52 = default, s53 = default;
        int i = 0;
        for (; i + Lanes <= columns; i += Block)
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

        sums[0] = s00;
        sums[1] = s01;
        sums[2] = s02;
        sums[3] = s03;
        sums[4] = s10;
        sums[5] = s11;
        sums[6] = s12;
        sums[7] = s13;
        sums[8] = s20;
        sums[9] = s21;
        sums[10] = s22;
        sums[11] = s23;
        sums[12] = s30;
        sums[13] = s31;
        sums[14] = s32;
        sums[15] = s33;
        sums[16] = s40;
        sums[17] = s41;
        sums[18] = s42;
        sums[19] = s43;
        sums[20] = s50;
        sums[21] = s51;
        sums[22] = s52;
        sums[23] = s53;
        if (i < columns)
        {
            AddRest(x + i, xStride, rows + i, rowStride, MaskOf(columns - i), sums);
        }
    }

    private static void AddRest(float* x, nint xStride, float* rows, nint rowStride, Vector512<uint> mask, Vector512<float>* sums)
    {
        for (int t = 0; t < InputsAtOnce; t++)
        {
            Vector512<float> input = LoadPart(mask, x + (t * xStride));
            for (int r = 0; r < RowsAtOnce; r++, sums++)
            {
                *sums = Vector512.FusedMultiplyAdd(LoadPart(mask, rows + (r * rowStride)), input, *sums);
            }
        }
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
