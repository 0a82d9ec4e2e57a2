using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private static readonly Gen<(TensorInfo Tensor, byte[] Bytes)[]> Tensors =
        Gen.Select(Gen.Enum<TensorType>(), Gen.Long[0, 5].Array[0, 3], Gen.String[Gen.Char, 0, 6], Gen.Int)
            .Select((type, shape, suffix, seed) => (type, shape, suffix, seed))
            .Array[0, 6]
            .Select(list => list.Select((entry, index) =>
            {
                var info = new TensorInfo($"t{index}{Valid(entry.suffix)}", entry.type, [.. entry.shape]);
                byte[] bytes = new byte[info.ByteLength];
                new Random(entry.seed).NextBytes(bytes);
                return (info, bytes);
            }).ToArray());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
        => Tensors.Sample(
            tensors =>
            {
                var metadata = new Dictionary<string, string> { ["format"] = "pt", ["a"] = "é \" \u2028" };
                byte[] bytes = SafetensorsBytes.Of(tensors, metadata);
                Assert.Equal(bytes.Length, SafetensorsWriter.FileLength([.. tensors.Select(entry => entry.Tensor)], metadata));
                string path = _folder.Write(Guid.NewGuid().ToString("N"), bytes);
                using (var file = SafetensorsFile.Open(path))
                {
                    Assert.Equal(tensors.Length, file.Tensors.Length);
                    Assert.Equal(metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal), file.Metadata);
                    foreach (var (tensor, content) in tensors)
                    {
                        Assert.Equal(tensor, file.Get(tensor.Name).Info);
                        Assert.True(file.Get(tensor.Name).Bytes.SequenceEqual(content));
                    }
                }

                File.Delete(path);
            },
            iter: 300);

    [Fact]
    public void The_header_is_padded_to_eight_bytes_and_sorts_its_metadata()
    {
        byte[] bytes = SafetensorsBytes.Of(
            [(new TensorInfo("b", TensorType.U8, [1]), [7]), (new TensorInfo("a", TensorType.Bool, [1]), [1])],
            new Dictionary<string, string> { ["z"] = "1", ["A"] = "2" });
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"A":"2","z":"1"},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"BOOL","shape":[1],"data_offsets":[1,2]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
    }

    [Fact]
    public void A_tensor_may_come_in_pieces_but_only_in_its_turn()
    {
        using var stream = new MemoryStream();
        using var writer = new SafetensorsWriter(stream, [new("a", TensorType.U8, [3]), new("empty", TensorType.F32, [0]), new("b", TensorType.U8, [1])]);
        writer.Write("a", [1, 2]);
        Assert.Throws<InvalidOperationException>(() => writer.Write("b", [4]));
        Assert.Throws<InvalidOperationException>(() => writer.Write("a", [3, 4]));
        writer.Write("a", [3]);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        writer.Write("b", [4]);
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Write("c", []));
        Assert.Equal<byte>([1, 2, 3, 4], stream.ToArray()[^4..]);
    }

    [Fact]
    public void A_name_used_twice_or_reserved_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SafetensorsWriter(Stream.Null, [new("a", TensorType.U8, []), new("a", TensorType.U8, [])]));
        Assert.Throws<ArgumentException>(() => new SafetensorsWriter(Stream.Null, [new("__metadata__", TensorType.U8, [])]));
    }

    [Fact]
    public void The_aligned_order_keeps_every_tensor_aligned()
        => Tensors.Sample(tensors =>
        {
            long offset = 0;
            foreach (var tensor in SafetensorsWriter.AlignedOrder(tensors.Select(entry => entry.Tensor)))
            {
                Assert.Equal(0, offset % tensor.Type.ByteSize());
                offset += tensor.ByteLength;
            }
        });

    private static string Valid(string text) => new([.. text.Where(letter => !char.IsSurrogate(letter))]);
}
