using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Turns 32 weights of 16 bits into float32.</summary>
internal interface IElements512
{
    /// <summary>Weights 0, 2, .., 30.</summary>
    static abstract Vector512<float> Even(Vector512<ushort> weights);

    /// <summary>Weights 1, 3, .., 31.</summary>
    static abstract Vector512<float> Odd(Vector512<ushort> weights);
}
