using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Turns weights of 16 bits, each in the low half of a 32-bit lane, into float32.</summary>
internal interface IElements512
{
    /// <summary>Sixteen weights in float32.</summary>
    static abstract Vector512<float> ToSingle(Vector512<uint> weights);
}
