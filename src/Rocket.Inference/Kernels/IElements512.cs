using System.Runtime.Intrinsics;

namespace Rocket.Inference.Kernels;

/// <summary>Reads 32 weights of one type as two vectors of float32: 16-bit types the ones of even index first, float32 in its own order.</summary>
internal unsafe interface IElements512
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Reads 32 elements.</summary>
    static abstract void Load(byte* source, out Vector512<float> first, out Vector512<float> second);

    /// <summary>Reads the elements whose bit is set from consecutive places and nothing else; the others are zero.</summary>
    static abstract void Expand(byte* source, uint mask, out Vector512<float> first, out Vector512<float> second);

    /// <summary>Like <see cref="Expand"/> for 16 elements in their own order.</summary>
    static abstract Vector512<float> ExpandInOrder(byte* source, uint mask);
}
