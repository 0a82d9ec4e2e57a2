using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <content>Products with panels: 6 x 64 sums in 24 registers.</content>
internal sealed unsafe partial class Avx512Kernels
{
    /// <inheritdoc/>
    public override void MultiplyPanel(float* a, nint aStride, int rows, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        int r = 0;
        for (; r + 6 <= rows; r += 6)
        {
            MultiplySix(a + (r * aStride), aStride, panel, depth, c + (r * cStride), cStride, accumulate);
        }

        for (; r + 2 <= rows; r += 2)
        {
            MultiplyTwo(a + (r * aStride), aStride, panel, depth, c + (r * cStride), cStride, accumulate);
        }

        if (r < rows)
        {
            MultiplyOne(a + (r * aStride), panel, depth, c + (r * cStride), accumulate);
        }
    }

    private static void MultiplySix(float* a, nint aStride, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s43 = default;
        Vector512<float> s50 = default, s51 = default, s52 = default, s53 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector512<float> b0 = Vector512.Load(panel);
            Vector512<float> b1 = Vector512.Load(panel + 16);
            Vector512<float> b2 = Vector512.Load(panel + 32);
            Vector512<float> b3 = Vector512.Load(panel + 48);
            panel += Width;
            Vector512<float> value = Vector512.Create(a[i]);
            s00 = Vector512.FusedMultiplyAdd(value, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(value, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(value, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(value, b3, s03);
            value = Vector512.Create(a[aStride + i]);
            s10 = Vector512.FusedMultiplyAdd(value, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(value, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(value, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(value, b3, s13);
            value = Vector512.Create(a[(2 * aStride) + i]);
            s20 = Vector512.FusedMultiplyAdd(value, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(value, b1, s21);
            s22 = Vector512.FusedMultiplyAdd(value, b2, s22);
            s23 = Vector512.FusedMultiplyAdd(value, b3, s23);
            value = Vector512.Create(a[(3 * aStride) + i]);
            s30 = Vector512.FusedMultiplyAdd(value, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(value, b1, s31);
            s32 = Vector512.FusedMultiplyAdd(value, b2, s32);
            s33 = Vector512.FusedMultiplyAdd(value, b3, s33);
            value = Vector512.Create(a[(4 * aStride) + i]);
            s40 = Vector512.FusedMultiplyAdd(value, b0, s40);
            s41 = Vector512.FusedMultiplyAdd(value, b1, s41);
            s42 = Vector512.FusedMultiplyAdd(value, b2, s42);
            s43 = Vector512.FusedMultiplyAdd(value, b3, s43);
            value = Vector512.Create(a[(5 * aStride) + i]);
            s50 = Vector512.FusedMultiplyAdd(value, b0, s50);
            s51 = Vector512.FusedMultiplyAdd(value, b1, s51);
            s52 = Vector512.FusedMultiplyAdd(value, b2, s52);
            s53 = Vector512.FusedMultiplyAdd(value, b3, s53);
        }

        Store(c, s00, s01, s02, s03, accumulate);
        Store(c + cStride, s10, s11, s12, s13, accumulate);
        Store(c + (2 * cStride), s20, s21, s22, s23, accumulate);
        Store(c + (3 * cStride), s30, s31, s32, s33, accumulate);
        Store(c + (4 * cStride), s40, s41, s42, s43, accumulate);
        Store(c + (5 * cStride), s50, s51, s52, s53, accumulate);
    }

    private static void MultiplyTwo(float* a, nint aStride, float* panel, int depth, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector512<float> b0 = Vector512.Load(panel);
            Vector512<float> b1 = Vector512.Load(panel + 16);
            Vector512<float> b2 = Vector512.Load(panel + 32);
            Vector512<float> b3 = Vector512.Load(panel + 48);
            panel += Width;
            Vector512<float> value = Vector512.Create(a[i]);
            s00 = Vector512.FusedMultiplyAdd(value, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(value, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(value, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(value, b3, s03);
            value = Vector512.Create(a[aStride + i]);
            s10 = Vector512.FusedMultiplyAdd(value, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(value, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(value, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(value, b3, s13);
        }

        Store(c, s00, s01, s02, s03, accumulate);
        Store(c + cStride, s10, s11, s12, s13, accumulate);
    }

    private static void MultiplyOne(float* a, float* panel, int depth, float* c, bool accumulate)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        for (int i = 0; i < depth; i++)
        {
            Vector512<float> b0 = Vector512.Load(panel);
            Vector512<float> b1 = Vector512.Load(panel + 16);
            Vector512<float> b2 = Vector512.Load(panel + 32);
            Vector512<float> b3 = Vector512.Load(panel + 48);
            panel += Width;
            Vector512<float> value = Vector512.Create(a[i]);
            s00 = Vector512.FusedMultiplyAdd(value, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(value, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(value, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(value, b3, s03);
        }

        Store(c, s00, s01, s02, s03, accumulate);
    }

    private static void Store(float* c, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, bool accumulate)
    {
        if (accumulate)
        {
            s0 += Vector512.Load(c);
            s1 += Vector512.Load(c + 16);
            s2 += Vector512.Load(c + 32);
            s3 += Vector512.Load(c + 48);
        }

        s0.Store(c);
        s1.Store(c + 16);
        s2.Store(c + 32);
        s3.Store(c + 48);
    }
}
