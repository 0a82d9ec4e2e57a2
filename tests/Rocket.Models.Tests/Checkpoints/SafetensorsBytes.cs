using System.Buffers.Binary;
using System.Text;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Checkpoints;

/// <summary>Makes safetensors files, sound and unsound ones.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Of(string header, int dataLength, ulong? claimedLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[sizeof(ulong) + json.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimedLength ?? (ulong)json.Length);
        json.CopyTo(file, sizeof(ulong));
        return file;
    }

    public static byte[] Of(IReadOnlyList<(TensorInfo Tensor, byte[] Bytes)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        using var writer = new SafetensorsWriter(stream, [.. tensors.Select(entry => entry.Tensor)], metadata);
        foreach (var (tensor, bytes) in tensors)
        {
            writer.Write(tensor.Name, bytes);
        }

        writer.Complete();
        return stream.ToArray();
    }
}
