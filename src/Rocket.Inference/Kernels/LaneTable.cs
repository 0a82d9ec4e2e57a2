using System.Runtime.InteropServices;

namespace Rocket.Inference.Kernels;

/// <summary>For each of the 256 bytes of a mask, which of the packed elements each of 8 lanes takes.</summary>
internal static unsafe class LaneTable
{
    private const int Lanes = 8;

    // Lives as long as the process; aligned to its entries.
    private static readonly nint Table = Create();

    /// <summary>The table, <c>[256, 8]</c>.</summary>
    public static uint* Pointer => (uint*)Table;

    private static nint Create()
    {
        const int Entry = Lanes * sizeof(uint);
        var table = (uint*)NativeMemory.AlignedAlloc(256 * Entry, Entry);
        for (int mask = 0; mask < 256; mask++)
        {
            uint next = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                table[(mask * Lanes) + lane] = next;
                next += (uint)(mask >> lane & 1);
            }
        }

        return (nint)table;
    }
}
