using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LittleStories;

/// <summary>BF16 weights in one safetensors file.</summary>
internal static class SafetensorsFile
{
    /// <summary>Writes the weights, rounded to the nearest BF16 value.</summary>
    public static void Write(string path, IEnumerable<(string Name, long[] Shape, float[] Values)> weights)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        using var data = new MemoryStream();
        foreach (var (name, shape, values) in weights.OrderBy(weight => weight.Name, StringComparer.Ordinal))
        {
            var begin = data.Length;
            data.Write(MemoryMarshal.AsBytes<ushort>(values.Select(ToBFloat16).ToArray()));
            header[name] = new JsonObject
            {
                ["dtype"] = "BF16",
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(begin, data.Length),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padding = (8 - (json.Length % 8)) % 8;
        using var file = File.Create(path);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        file.Write(length);
        file.Write(json);
        file.Write([.. Enumerable.Repeat((byte)' ', padding)]);
        data.WriteTo(file);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyDictionary<string, float[]> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var weights = new Dictionary<string, float[]>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            var (begin, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            var stored = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan(8 + length + begin, end - begin));
            weights[entry.Name] = [.. stored.ToArray().Select(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16))];
        }

        return weights;
    }

    /// <summary>Round to nearest, ties to even.</summary>
    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
