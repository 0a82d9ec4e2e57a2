using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Kernels;

/// <summary>A matrix as it lies in memory, row by row.</summary>
/// <param name="Weights">The first element; need not be aligned.</param>
/// <param name="Type">F32, F16 or BF16.</param>
/// <param name="Columns">Elements a row.</param>
internal readonly unsafe record struct DenseRows(nint Weights, TensorType Type, int Columns)
{
    /// <summary>The first element of a row.</summary>
    public byte* Row(int row) => (byte*)Weights + ((nint)row * Columns * Type.ByteSize());
}
