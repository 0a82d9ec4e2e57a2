using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Turns 32 weights of 16 bits, as they lie in a register, into two vectors of float32.</summary>
internal interface IElements512
{
    /// <summary>The weights of even index.</summary>
    static abstract Vector512<float> Even(Vector512<uint> pairs);

    /// <summary>The weights of odd index.</summary>
    static abstract Vector512<float> Odd(Vector512<uint> pairs);
}
