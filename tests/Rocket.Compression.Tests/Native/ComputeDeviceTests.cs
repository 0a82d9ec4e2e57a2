using Rocket.Compression.Native;
using Rocket.Models.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Native;

/// <summary>The libtorch of the tests has the processor alone.</summary>
public sealed class ComputeDeviceTests
{
    [Fact]
    public void The_processor_is_the_default_and_the_best_where_there_is_no_other()
    {
        Assert.Same(ComputeDevice.Cpu, ComputeDevice.Of(default));
        Assert.Same(ComputeDevice.Cpu, ComputeDevice.Open(default));
        Assert.Null(ComputeDevice.Of(DeviceChoice.Auto));
        Assert.Same(ComputeDevice.Cpu, ComputeDevice.Open(DeviceChoice.Auto));
    }

    [Theory]
    [InlineData(DeviceChoice.Cuda, "cuda")]
    [InlineData(DeviceChoice.Mps, "mps")]
    public void A_device_that_is_not_there_is_known_by_name_and_refused_with_a_way_out(DeviceChoice choice, string name)
    {
        Assert.Equal(name, ComputeDevice.Of(choice)!.Name);
        RocketException error = Assert.Throws<RocketException>(() => ComputeDevice.Open(choice));
        Assert.Equal("RKT3005", error.Code);
        Assert.Contains($"\"{name}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("device: cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_stays_where_it_lies_and_moves_where_it_does_not()
    {
        using Tensor here = ones(2);
        Assert.Same(here, ComputeDevice.Cpu.Place(here));

        Tensor left = ones(2);
        using Tensor moved = new ComputeDevice("meta", DeviceType.META).Place(left);
        Assert.Equal(DeviceType.META, moved.device_type);
        Assert.True(left.IsInvalid);
    }
}
