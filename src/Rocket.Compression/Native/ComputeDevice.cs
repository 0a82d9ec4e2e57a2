using Rocket.Compression.Diagnostics;
using TorchSharp;

namespace Rocket.Compression.Native;

/// <summary>Where the passes over text run: the one place that knows libtorch's devices and moves tensors between them.</summary>
/// <remarks>
/// <see cref="Execution.WeightLoader"/> carries the device: weights come to it, and executors and heads tell it on, so that hidden states are
/// read to where the weights are. Code that touches elements works on the processor: what it reads is moved there first. So are sums in double,
/// which mps does not have.
/// </remarks>
public sealed class ComputeDevice
{
    private readonly DeviceType _type;

    internal ComputeDevice(string name, DeviceType type) => (Name, _type) = (name, type);

    /// <summary>The processor.</summary>
    public static ComputeDevice Cpu { get; } = new("cpu", DeviceType.CPU);

    /// <summary>The first CUDA device.</summary>
    public static ComputeDevice Cuda { get; } = new("cuda", DeviceType.CUDA);

    /// <summary>Metal on Apple's processors.</summary>
    public static ComputeDevice Mps { get; } = new("mps", DeviceType.MPS);

    /// <summary>Its name in a manifest.</summary>
    public string Name { get; }

    /// <summary>Whether it is the processor.</summary>
    public bool IsCpu => _type == DeviceType.CPU;

    /// <summary>The device that a choice names, without a question to libtorch; null: only libtorch can tell.</summary>
    public static ComputeDevice? Of(DeviceChoice choice) => choice switch
    {
        DeviceChoice.Cpu => Cpu,
        DeviceChoice.Cuda => Cuda,
        DeviceChoice.Mps => Mps,
        _ => null,
    };

    /// <summary>The device of a choice, once libtorch is loaded.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3005: libtorch does not have it here.</exception>
    public static ComputeDevice Open(DeviceChoice choice)
    {
        if (Of(choice) is not { } named)
        {
            return Cuda.IsAvailable() ? Cuda : Mps.IsAvailable() ? Mps : Cpu;
        }

        return named.IsAvailable() ? named : throw CompressionErrors.NoSuchDevice(named.Name);
    }

    /// <summary>Brings a tensor to the device.</summary>
    /// <param name="tensor">The tensor; disposed of where it lies elsewhere.</param>
    /// <returns>The tensor itself where it lies here, else a copy.</returns>
    internal torch.Tensor Place(torch.Tensor tensor)
    {
        if (tensor.device_type == _type)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.to(_type);
        }
    }

    private bool IsAvailable() => _type switch
    {
        DeviceType.CUDA => torch.cuda.is_available(),
        DeviceType.MPS => torch.mps_is_available(),
        _ => true,
    };
}
