using System.Numerics;
using System.Runtime.InteropServices;

namespace Rocket.Models.Checkpoints;

/// <summary>Finds NaN and infinity in weights.</summary>
public static class FiniteScan
{
    // A multiple of every vector's size; large enough to hide the loop, small enough for an int.
    private const int SliceBytes = 1 << 26;

    /// <summary>Whether no element is NaN or infinite; integers always are finite.</summary>
    public static bool AllFinite(TensorView tensor)
    {
        for (long offset = 0; offset < tensor.ByteLength; offset += SliceBytes)
        {
            var slice = tensor.Slice(offset, (int)Math.Min(SliceBytes, tensor.ByteLength - offset));
            if (!AllFinite(slice, tensor.Info.Type))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether no element of a run of whole elements is NaN or infinite.</summary>
    public static bool AllFinite(ReadOnlySpan<byte> elements, TensorType type) => type switch
    {
        TensorType.F64 => !AnyHasAllBits(elements, 0x7FF0_0000_0000_0000UL),
        TensorType.F32 => !AnyHasAllBits(elements, 0x7F80_0000U),
        TensorType.F16 => !AnyHasAllBits<ushort>(elements, 0x7C00),
        TensorType.BF16 => !AnyHasAllBits<ushort>(elements, 0x7F80),
        TensorType.F8E4M3 => !AnyHasAllBits<byte>(elements, 0x7F),
        TensorType.F8E5M2 => !AnyHasAllBits<byte>(elements, 0x7C),
        _ => true,
    };

    // A float is NaN or infinite if and only if all bits of its exponent are set (E4M3, which has no infinity: of all but the sign).
    private static bool AnyHasAllBits<T>(ReadOnlySpan<byte> bytes, T mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var wanted = new Vector<T>(mask);
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[i..]) & wanted, wanted))
            {
                return true;
            }
        }

        for (; i < values.Length; i++)
        {
            if ((values[i] & mask) == mask)
            {
                return true;
            }
        }

        return false;
    }
}
