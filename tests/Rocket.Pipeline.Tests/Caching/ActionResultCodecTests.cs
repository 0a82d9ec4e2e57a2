using System.Text;
using CsCheck;
using Google.Protobuf;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class ActionResultCodecTests
{
    private static readonly Digest Key = Digest.Of("key"u8);

    private static readonly ActionResult Sample = new([new OutputFile("moments", Digest.Of("m"u8), 1), new OutputFile("hidden/1", Digest.Of("h"u8), 5_000_000_000)])
    {
        Label = new ActionLabel("calibrate", "smollm2"),
    };

    [Fact]
    public void What_is_written_is_read()
    {
        ActionResult? read = ActionResultCodec.TryRead(Key, ActionResultCodec.Write(Key, Sample));
        Assert.Equal(Sample.OutputFiles, read!.OutputFiles);
        Assert.Equal(Sample.Label, read.Label);
    }

    [Fact]
    public void An_action_without_outputs_and_label_is_read()
    {
        ActionResult? read = ActionResultCodec.TryRead(Key, ActionResultCodec.Write(Key, new ActionResult([])));
        Assert.Empty(read!.OutputFiles);
        Assert.Null(read.Label);
    }

    [Fact]
    public void The_bytes_are_Bazels_message()
    {
        byte[] bytes = ActionResultCodec.Write(Key, new ActionResult([new OutputFile("a", Digest.Of("m"u8), 300)]));
        string hash = Digest.Of("m"u8).ToString();

        // 12 = field 2, length delimited; 0a 01 'a' = path; 12 45 = digest of 69 bytes: 0a 40 hash, 10 ac 02 = size 300.
        string expected = "124A" + "0A0161" + "1245" + "0A40" + Convert.ToHexString(Encoding.ASCII.GetBytes(hash)) + "10AC02" + "2A";
        Assert.StartsWith(expected, Convert.ToHexString(bytes));
    }

    [Fact]
    public void Unknown_fields_are_skipped()
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            output.WriteTag(4, WireFormat.WireType.Varint);
            output.WriteInt32(0);
            output.WriteTag(9, WireFormat.WireType.LengthDelimited);
            output.WriteString("worker");
            output.WriteTag(99, WireFormat.WireType.Fixed64);
            output.WriteFixed64(1);
        }

        bytes.Write(ActionResultCodec.Write(Key, Sample));
        Assert.Equal(Sample.OutputFiles, ActionResultCodec.TryRead(Key, bytes.ToArray())!.OutputFiles);
    }

    [Fact]
    public void An_entry_of_another_key_does_not_read() =>
        Assert.Null(ActionResultCodec.TryRead(Digest.Of("other"u8), ActionResultCodec.Write(Key, Sample)));

    [Fact]
    public void No_flipped_bit_changes_what_is_read()
    {
        byte[] good = ActionResultCodec.Write(Key, Sample);
        for (int bit = 0; bit < 8 * good.Length; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            ActionResult? read = ActionResultCodec.TryRead(Key, bad);
            Assert.True(read is null || read.OutputFiles.SequenceEqual(Sample.OutputFiles), $"bit {bit}");
        }
    }

    [Fact]
    public void No_truncation_reads()
    {
        byte[] good = ActionResultCodec.Write(Key, Sample);
        Assert.All(Enumerable.Range(0, good.Length), length => Assert.Null(ActionResultCodec.TryRead(Key, good[..length])));
    }

    [Fact]
    public void Noise_does_not_read() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ActionResultCodec.TryRead(Key, bytes) is null);
}
