using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

public sealed class WeightLoaderTests : IDisposable
{
    private const string Name = "model.layers.0.self_attn.q_proj";

    private readonly TemporaryFolder _folder = new();

    // W [3, 4] = C^T [3, 2] times atoms [2, 4].
    private static LinearSpec Linear { get; } = new(Name, DIn: 4, DOut: 3, new InputSlot(InputKind.Attention));

    private static LinearFactors Factors { get; } = LinearFactors.Pack(
        [2, 0, 0, 0, 3, -1], MemoryMarshal.AsBytes<float>([1, 0, 0, 0, 0, 1, 0, 0]).ToArray(), 4, 3, 2, TensorType.F32);

    [Fact]
    public void Factors_are_multiplied_out()
    {
        Write(Factors.Info.Tensors(Name), Factors.Mask.ToArray());
        using Tensor weight = Load(Factors.Info, Linear);
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 3, -1, 0, 0], weight.Elements<float>().ToArray());
    }

    [Fact]
    public void The_sparse_form_is_the_weight_itself()
    {
        float[] dense = [0, 1, 0, -2, 0, 0, 0, 0, 5, 0, 0, 6];
        LinearFactors sparse = LinearFactors.Pack(dense, [], 4, 3, 4, TensorType.BF16);
        Write(sparse.Info.Tensors(Name), sparse.Mask.ToArray(), sparse.Values.ToArray());
        using Tensor weight = Load(sparse.Info, Linear);
        Assert.Equal(dense, weight.Elements<float>().ToArray());
    }

    [Fact]
    public void A_part_of_a_fused_weight_that_is_factored_as_one_has_its_rows()
    {
        Write(Factors.Info.Tensors(Name), Factors.Mask.ToArray());
        using Tensor weight = Load(Factors.Info, Linear with { DOut = 2, Fused = new FusedPart(1, 1, 3) });
        Assert.Equal([0, 0, 0, 0, 3, -1, 0, 0], weight.Elements<float>().ToArray());
        Assert.Equal([2, 4], weight.shape);
    }

    [Fact]
    public void A_fused_weight_that_is_factored_as_one_and_in_parts_is_refused()
    {
        Write(Factors.Info.Tensors(Name), Factors.Mask.ToArray());
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        var loader = new WeightLoader(checkpoint, new RocketSection([new(Name, Factors.Info), new(Name + ".1", Factors.Info)]));
        RocketException error = Assert.Throws<RocketException>(() => loader.Load(Linear with { DOut = 2, Fused = new FusedPart(1, 1, 3) }));
        Assert.Equal("RKT6103", error.Code);
        Assert.Contains($"'{Name}', which holds it, is factored as one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_linear_of_another_size_is_refused()
        => AssertRefused(Factors.Info.Tensors(Name), Factors.Mask.ToArray(), Linear with { DIn = 5 }, "[3, 5]");

    [Theory]
    [InlineData(FactoredLinear.DictionarySuffix)]
    [InlineData(FactoredLinear.MaskSuffix)]
    [InlineData(FactoredLinear.ValuesSuffix)]
    public void A_missing_tensor_is_refused(string suffix)
        => AssertRefused(Factors.Info.Tensors(Name).Where(tensor => tensor.Name != Name + suffix), Factors.Mask.ToArray(), Linear, Name + suffix);

    [Theory]
    [InlineData(FactoredLinear.DictionarySuffix)]
    [InlineData(FactoredLinear.MaskSuffix)]
    [InlineData(FactoredLinear.ValuesSuffix)]
    public void A_tensor_of_another_shape_or_type_is_refused(string suffix)
    {
        AssertRefused(Factors.Info.Tensors(Name).Select(tensor => tensor.Name == Name + suffix ? tensor with { Shape = [7] } : tensor), Factors.Mask.ToArray(), Linear, Name + suffix);
        AssertRefused(Factors.Info.Tensors(Name).Select(tensor => tensor.Name == Name + suffix ? tensor with { Type = TensorType.F16 } : tensor), Factors.Mask.ToArray(), Linear, Name + suffix);
    }

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(3, 0, 3)]
    public void A_mask_with_another_number_of_bits_is_refused(byte first, byte second, byte third)
        => AssertRefused(Factors.Info.Tensors(Name), [first, second, third], Linear, "3 bits");

    [Fact]
    public void A_mask_with_bits_behind_its_last_coefficient_is_refused()
        => AssertRefused(Factors.Info.Tensors(Name), [1, 4, 1], Linear, "from 2 on");

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(IEnumerable<TensorInfo> tensors, byte[] mask, LinearSpec linear, string reason)
    {
        Write(tensors, mask);
        RocketException error = Assert.Throws<RocketException>(() => Load(Factors.Info, linear));
        Assert.Equal("RKT6103", error.Code);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private Tensor Load(FactoredLinear info, LinearSpec linear)
    {
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        return new WeightLoader(checkpoint, new RocketSection([new(Name, info)])).Load(linear);
    }

    private void Write(IEnumerable<TensorInfo> tensors, byte[] mask, byte[]? values = null)
    {
        TensorInfo[] all = [.. tensors];
        using FileStream stream = File.Create(_folder.At("model.safetensors"));
        using var writer = new SafetensorsWriter(stream, all);
        foreach (TensorInfo tensor in all)
        {
            byte[] bytes = new byte[tensor.ByteLength];
            byte[] source = tensor.Name == Name + FactoredLinear.MaskSuffix ? mask
                : tensor.Name == Name + FactoredLinear.ValuesSuffix ? values ?? Factors.Values.ToArray()
                : Factors.Dictionary.ToArray();
            source.AsSpan(0, Math.Min(source.Length, bytes.Length)).CopyTo(bytes);
            writer.Write(tensor.Name, bytes);
        }

        writer.Complete();
    }
}
