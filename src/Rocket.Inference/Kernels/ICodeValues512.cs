using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Turns codes, each in the low bits of a 32-bit lane with anything above it, into float32.</summary>
internal interface ICodeValues512
{
    /// <summary>What <see cref="Of"/> needs for the codes of a group. A value is code * scale + offset, which is exact.</summary>
    /// <param name="levels">The code of each lane's number.</param>
    static abstract void Prepare(Vector512<float> levels, Vector512<float> scale, Vector512<float> offset, out Vector512<float> first, out Vector512<float> second);

    /// <summary>The values of sixteen codes.</summary>
    static abstract Vector512<float> Of(Vector512<uint> codes, Vector512<uint> largest, Vector512<float> first, Vector512<float> second);
}
