using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Architectures;

/// <summary>Tensors as arrays.</summary>
internal static class TensorArrays
{
    public static double[] Doubles(TensorView tensor) => tensor.Info.Type switch
    {
        TensorType.F64 => MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray(),
        TensorType.F32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray(), value => (double)value),
        TensorType.F16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(tensor.Bytes).ToArray(), value => (double)value),
        TensorType.BF16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(tensor.Bytes).ToArray(), value => (double)BitConverter.UInt32BitsToSingle((uint)value << 16)),
        _ => throw new NotSupportedException($"{tensor.Info}"),
    };

    public static int[] Tokens(TensorView tensor) => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(tensor.Bytes).ToArray(), token => (int)token);
}
