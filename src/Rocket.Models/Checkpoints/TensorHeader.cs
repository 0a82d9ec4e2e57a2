using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>One tensor's entry in a safetensors header: <c>{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}</c>.</summary>
internal static class TensorHeader
{
    /// <summary>Parses and checks an entry.</summary>
    /// <exception cref="RocketException">RKT2106 to RKT2109, RKT2112.</exception>
    public static SafetensorsHeader.Entry Parse(JsonProperty property, long dataLength, string file)
    {
        string name = property.Name;
        if (property.Value.ValueKind != JsonValueKind.Object
            || !property.Value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !property.Value.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !property.Value.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array)
        {
            throw CheckpointErrors.Malformed(file, name, "an object with dtype, shape and data_offsets");
        }

        if (!TensorTypes.TryParse(dtype.GetString() ?? "", out var type))
        {
            throw CheckpointErrors.UnknownType(file, name, dtype.GetString() ?? "");
        }

        var tensor = new TensorInfo(name, type, ParseShape(shape, type, name, file));
        if (offsets.GetArrayLength() != 2
            || !TryGetInt64(offsets[0], out long begin) || !TryGetInt64(offsets[1], out long end)
            || begin < 0 || end < begin || end > dataLength)
        {
            throw CheckpointErrors.OutsideFile(file, name, Quote(offsets), dataLength);
        }

        return end - begin == tensor.ByteLength
            ? new(tensor, begin, end)
            : throw CheckpointErrors.SizeMismatch(file, tensor, end - begin);
    }

    private static ImmutableArray<long> ParseShape(JsonElement shape, TensorType type, string name, string file)
    {
        var sizes = ImmutableArray.CreateBuilder<long>(shape.GetArrayLength());

        // An empty tensor may not hide a product that overflows: 0 counts as 1.
        Int128 bytes = type.ByteSize();
        foreach (var item in shape.EnumerateArray())
        {
            if (!TryGetInt64(item, out long size) || size < 0 || (bytes *= Math.Max(size, 1)) > long.MaxValue)
            {
                throw CheckpointErrors.InvalidShape(file, name, Quote(shape));
            }

            sizes.Add(size);
        }

        return sizes.MoveToImmutable();
    }

    private static bool TryGetInt64(JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }

    private static string Quote(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
