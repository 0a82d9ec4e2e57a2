using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Turns weights of 16 bits into float32.</summary>
internal interface IElements512
{
    /// <summary>Sixteen weights, each in the low half of a 32-bit lane.</summary>
    static abstract Vector512<float> ToSingle(Vector512<uint> weights);

    /// <summary>The first sixteen of 32 weights.</summary>
    static abstract Vector512<float> First(Vector512<ushort> weights);

    /// <summary>The last sixteen of 32 weights.</summary>
    static abstract Vector512<float> Last(Vector512<ushort> weights);
}
