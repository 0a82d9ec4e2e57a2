using System.Text;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_are_one_checkpoint()
    {
        WriteShard("one.safetensors", "b", "d");
        WriteShard("two.safetensors", "a", "c");
        WriteIndex("""{"weight_map":{"d":"one.safetensors","c":"two.safetensors","b":"one.safetensors","a":"two.safetensors"}}""");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a", "b", "c", "d"], checkpoint.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([_folder.At("one.safetensors"), _folder.At("two.safetensors")], checkpoint.Files);
        Assert.Equal(_folder.At("two.safetensors"), checkpoint.FileOf("c"));
        Assert.Equal((byte)'c', checkpoint.Get("c").Bytes[0]);
        Assert.False(checkpoint.Contains("e"));
        checkpoint.DropResidentPages();
        Assert.Equal("RKT2117", Assert.Throws<RocketException>(() => checkpoint.Get("e")).Code);
    }

    [Fact]
    public void A_single_file_wins_over_an_index()
    {
        WriteShard("model.safetensors", "a");
        WriteIndex("{");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal("a", Assert.Single(checkpoint.Tensors).Name);
    }

    [Fact]
    public void A_folder_without_weights_is_refused() => Refused("RKT2101");

    [Fact]
    public void An_index_that_is_not_JSON_is_refused() => Refused("RKT2105", "{");

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    public void An_index_of_another_form_is_refused(string index) => Refused("RKT2106", index);

    [Fact]
    public void A_missing_shard_is_refused() => Refused("RKT2114", """{"weight_map":{"a":"one.safetensors"}}""");

    [Fact]
    public void A_tensor_that_is_not_in_its_shard_is_refused()
    {
        WriteShard("one.safetensors", "b");
        Refused("RKT2115", """{"weight_map":{"a":"one.safetensors"}}""");
    }

    [Fact]
    public void A_tensor_that_the_index_names_twice_is_refused()
        => Refused("RKT2113", """{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}""");

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("..\\\\b")]
    [InlineData("C:b")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public void A_shard_outside_of_the_folder_is_refused(string shard)
        => Refused("RKT2116", $$$"""{"weight_map":{"a":"{{{shard}}}"}}""");

    private void Refused(string code, string? index = null)
    {
        if (index is not null)
        {
            WriteIndex(index);
        }

        Assert.Equal(code, Assert.Throws<RocketException>(() => Checkpoint.Open(_folder.Path)).Code);
    }

    private void WriteIndex(string json) => _folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(json));

    private void WriteShard(string name, params string[] tensors)
        => _folder.Write(name, SafetensorsBytes.Of([.. tensors.Select(tensor => (new TensorInfo(tensor, TensorType.U8, [1]), new[] { (byte)tensor[0] }))]));
}
