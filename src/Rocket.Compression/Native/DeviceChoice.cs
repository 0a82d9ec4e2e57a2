namespace Rocket.Compression.Native;

/// <summary>What a user asks the passes over text to run on.</summary>
public enum DeviceChoice
{
    /// <summary>The processor: the default, as its results are the same on every machine.</summary>
    Cpu,

    /// <summary>The best that libtorch has here: cuda, else mps, else the processor.</summary>
    Auto,

    /// <summary>The first CUDA device.</summary>
    Cuda,

    /// <summary>Metal on Apple's processors.</summary>
    Mps,
}
