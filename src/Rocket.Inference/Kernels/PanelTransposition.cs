using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Kernels;

/// <summary>Turns rows into a panel, four by four elements at a time.</summary>
internal static unsafe class PanelTransposition
{
    private const int Tile = 4;

    /// <summary><c>panel[c * width + r] = rows[r * stride + c]</c>; rows from <paramref name="height"/> on are zeros.</summary>
    public static void Run(float* rows, nint stride, int height, int columns, float* panel, int width)
    {
        int whole = Sse.IsSupported || AdvSimd.Arm64.IsSupported ? columns / Tile * Tile : 0;
        for (int r = 0; r < width; r += Tile)
        {
            if (r + Tile <= height)
            {
                for (int c = 0; c < whole; c += Tile)
                {
                    Turn(rows + (r * stride) + c, stride, panel + (c * width) + r, width);
                }

                TurnRest(rows + (r * stride), stride, Tile, whole, columns, panel + r, width);
            }
            else
            {
                TurnRest(rows + (r * stride), stride, height - r, 0, columns, panel + r, width);
            }
        }
    }

    private static void TurnRest(float* rows, nint stride, int height, int first, int columns, float* panel, int width)
    {
        for (int c = first; c < columns; c++)
        {
            for (int r = 0; r < Tile; r++)
            {
                panel[(c * width) + r] = r < height ? rows[(r * stride) + c] : 0;
            }
        }
    }

    private static void Turn(float* source, nint stride, float* target, int width)
    {
        Vector128<float> a = Vector128.Load(source);
        Vector128<float> b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + (2 * stride));
        Vector128<float> d = Vector128.Load(source + (3 * stride));
        Vector128<float> lowAb, highAb, lowCd, highCd;
        if (Sse.IsSupported)
        {
            (lowAb, highAb) = (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b));
            (lowCd, highCd) = (Sse.UnpackLow(c, d), Sse.UnpackHigh(c, d));
        }
        else
        {
            (lowAb, highAb) = (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
            (lowCd, highCd) = (AdvSimd.Arm64.ZipLow(c, d), AdvSimd.Arm64.ZipHigh(c, d));
        }

        Vector128.Create(lowAb.GetLower(), lowCd.GetLower()).Store(target);
        Vector128.Create(lowAb.GetUpper(), lowCd.GetUpper()).Store(target + width);
        Vector128.Create(highAb.GetLower(), highCd.GetLower()).Store(target + (2 * width));
        Vector128.Create(highAb.GetUpper(), highCd.GetUpper()).Store(target + (3 * width));
    }
}
