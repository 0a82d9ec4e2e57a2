using System.Collections.Immutable;
using System.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>Sizes of the element types and their names in safetensors headers.</summary>
public static class TensorTypes
{
    private static readonly ImmutableArray<(TensorType Type, string Name)> Names =
    [
        (TensorType.F64, "F64"), (TensorType.F32, "F32"), (TensorType.F16, "F16"), (TensorType.BF16, "BF16"),
        (TensorType.F8E4M3, "F8_E4M3"), (TensorType.F8E5M2, "F8_E5M2"),
        (TensorType.I64, "I64"), (TensorType.I32, "I32"), (TensorType.I16, "I16"), (TensorType.I8, "I8"),
        (TensorType.U64, "U64"), (TensorType.U32, "U32"), (TensorType.U16, "U16"), (TensorType.U8, "U8"),
        (TensorType.Bool, "BOOL"),
    ];

    /// <summary>Every name that a safetensors header may use here.</summary>
    public static IEnumerable<string> KnownNames => Names.Select(entry => entry.Name);

    /// <summary>Bytes of one element.</summary>
    public static int ByteSize(this TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        TensorType.F8E4M3 or TensorType.F8E5M2 or TensorType.I8 or TensorType.U8 or TensorType.Bool => 1,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether weights may have this type: 16 to 64-bit floats.</summary>
    public static bool IsFloatingPoint(this TensorType type)
        => type is TensorType.F64 or TensorType.F32 or TensorType.F16 or TensorType.BF16;

    /// <summary>The name in a safetensors header, such as <c>BF16</c>.</summary>
    public static string SafetensorsName(this TensorType type) => Names.First(entry => entry.Type == type).Name;

    /// <summary>Finds the type of a safetensors name; false if there is none.</summary>
    public static bool TryParse(string name, out TensorType type)
    {
        foreach (var entry in Names)
        {
            if (entry.Name == name)
            {
                type = entry.Type;
                return true;
            }
        }

        type = default;
        return false;
    }
}
