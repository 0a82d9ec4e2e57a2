using System.Text;
using CsCheck;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string Sound = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[],"data_offsets":[8,10]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_tells_its_tensors_in_the_order_of_their_data()
    {
        using var file = SafetensorsFile.Open(_folder.Write("x", SafetensorsBytes.Of(Sound, 10)));
        Assert.Equal([new TensorInfo("a", TensorType.F32, [2]), new TensorInfo("b", TensorType.F16, [])], file.Tensors);
        Assert.Equal(2, file.Get("b").ByteLength);
        Assert.True(file.Contains("a"));
        Assert.Equal("RKT2117", Assert.Throws<RocketException>(() => file.Get("c")).Code);
    }

    [Fact]
    public void Dropped_pages_come_back_with_the_same_bytes()
    {
        byte[] bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        var info = new TensorInfo("a", TensorType.U8, [bytes.Length]);
        using var file = SafetensorsFile.Open(_folder.Write("x", SafetensorsBytes.Of([(info, bytes)])));
        Assert.True(file.Get("a").Bytes.SequenceEqual(bytes));
        file.DropResidentPages();
        Assert.True(file.Get("a").Bytes.SequenceEqual(bytes));
    }

    [Fact]
    public void A_closed_file_gives_no_tensors()
    {
        var file = SafetensorsFile.Open(_folder.Write("x", SafetensorsBytes.Of(Sound, 10)));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Get("a"));
    }

    [Fact]
    public void A_slice_beyond_the_tensor_is_refused()
    {
        using var file = SafetensorsFile.Open(_folder.Write("x", SafetensorsBytes.Of(Sound, 10)));
        var view = file.Get("a");
        Assert.Equal(3, view.Slice(5, 3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => { view.Slice(6, 3); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { view.Slice(long.MaxValue, 3); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { view.Slice(-1, 3); });
    }

    [Fact]
    public void A_missing_file_is_refused() => Refused("RKT2102", _folder.At("nowhere"));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_file_cut_off_in_its_header_is_refused(int length)
        => Refused("RKT2103", _folder.Write("x", SafetensorsBytes.Of(Sound, 10).AsSpan(0, length)));

    [Fact]
    public void A_file_cut_off_in_its_data_is_refused()
        => Assert.Contains("it is cut off, or its header is damaged", Refused("RKT2109", Sound, 9).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(10_000_000_000)]
    [InlineData(100_000_001)]
    [InlineData(ulong.MaxValue)]
    public void A_header_of_ten_gigabytes_is_refused(ulong length)
        => Refused("RKT2104", _folder.Write("x", SafetensorsBytes.Of(Sound, 10, length)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("""{"\ud800":{}}""")]
    public void A_header_that_is_not_JSON_is_refused(string header) => Refused("RKT2105", header, 0);

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("""{"a":3}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"__metadata__":{"a":3}}""")]
    [InlineData("""{"__metadata__":[]}""")]
    public void A_header_of_another_form_is_refused(string header) => Refused("RKT2106", header, 8);

    [Fact]
    public void An_unknown_type_is_refused()
        => Refused("RKT2107", """{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8);

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[\"2\"]")]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[0,4294967296,4294967296]")]
    [InlineData("[9223372036854775807]")]
    [InlineData("[99999999999999999999]")]
    public void A_negative_or_overflowing_shape_is_refused(string shape)
        => Refused("RKT2108", $$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,8]}}""", 8);

    [Theory]
    [InlineData("[0,16]")]
    [InlineData("[-8,0]")]
    [InlineData("[8,0]")]
    [InlineData("[0]")]
    [InlineData("[0,8,8]")]
    [InlineData("[0,99999999999999999999]")]
    [InlineData("[\"0\",8]")]
    public void Offsets_outside_the_file_are_refused(string offsets)
        => Refused("RKT2109", $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":{{{offsets}}}}}""", 8);

    [Fact]
    public void Overlapping_tensors_are_refused()
        => Refused("RKT2110", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8);

    [Theory]
    [InlineData(4, 8, 8)]
    [InlineData(0, 4, 8)]
    public void Bytes_of_no_tensor_are_refused(int begin, int end, int length)
        => Refused("RKT2111", $$$"""{"a":{"dtype":"F32","shape":[1],"data_offsets":[{{{begin}}},{{{end}}}]}}""", length);

    [Fact]
    public void A_size_that_does_not_fit_the_shape_is_refused()
        => Refused("RKT2112", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8);

    [Fact]
    public void A_tensor_named_twice_is_refused()
        => Refused("RKT2113", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8);

    [Fact]
    public void A_mutated_header_is_read_or_refused_with_a_code()
    {
        byte[] sound = SafetensorsBytes.Of(Sound, 10);
        string[] texts = ["-1", "\"", "{", "}", "[", "]", ",", "9999999999999999999", "null", "\\ud800", "1e400", "\u00ff", "\"shape\"", "0"];
        var fragments = Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
        var edits = Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Int[0, 6], fragments).Array[1, 4];
        edits.Sample(
            list =>
            {
                var bytes = sound.ToList();
                foreach (var (position, removed, inserted) in list)
                {
                    int start = Math.Min(position, bytes.Count);
                    bytes.RemoveRange(start, Math.Min(removed, bytes.Count - start));
                    bytes.InsertRange(start, Encoding.Latin1.GetBytes(inserted));
                }

                ReadOrRefuse([.. bytes]);
                if (bytes.Count >= sizeof(ulong))
                {
                    BitConverter.TryWriteBytes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes), (ulong)Math.Max(0, bytes.Count - 18));
                    ReadOrRefuse([.. bytes]);
                }
            },
            iter: 2000);
    }

    private void ReadOrRefuse(byte[] bytes)
    {
        string path = _folder.Write(Guid.NewGuid().ToString("N"), bytes);
        try
        {
            using var file = SafetensorsFile.Open(path);
            foreach (var tensor in file.Tensors)
            {
                Assert.Equal(tensor.ByteLength, file.Get(tensor.Name).Bytes.Length);
            }
        }
        catch (RocketException refusal)
        {
            Assert.StartsWith("RKT21", refusal.Code, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private RocketException Refused(string code, string header, int dataLength)
        => Refused(code, _folder.Write("x", SafetensorsBytes.Of(header, dataLength)));

    private static RocketException Refused(string code, string path)
    {
        var refusal = Assert.Throws<RocketException>(() => SafetensorsFile.Open(path));
        Assert.Equal(code, refusal.Code);
        Assert.Equal(path, refusal.Location?.File);
        return refusal;
    }
}
