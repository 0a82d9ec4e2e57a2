using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Between bytes on disk and libtorch tensors.</summary>
public static class TensorConversion
{
    /// <summary>The libtorch type of a stored type.</summary>
    public static ScalarType ToScalarType(this TensorType type) => type switch
    {
        TensorType.F64 => ScalarType.Float64,
        TensorType.F32 => ScalarType.Float32,
        TensorType.F16 => ScalarType.Float16,
        TensorType.BF16 => ScalarType.BFloat16,
        TensorType.I64 => ScalarType.Int64,
        TensorType.I32 => ScalarType.Int32,
        TensorType.I16 => ScalarType.Int16,
        TensorType.I8 => ScalarType.Int8,
        TensorType.U8 => ScalarType.Byte,
        TensorType.Bool => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No libtorch type."),
    };

    /// <summary>A copy of rows <paramref name="firstRow"/>.. of a stored tensor, in its own type.</summary>
    /// <param name="view">The stored tensor, one or more dimensions.</param>
    /// <param name="firstRow">First index of the leading dimension.</param>
    /// <param name="rows">Number of rows; -1: all that follow.</param>
    public static Tensor ToTensor(this TensorView view, long firstRow = 0, long rows = -1)
    {
        long[] shape = [.. view.Info.Shape];
        long rowBytes = view.ByteLength;
        if (shape.Length > 0)
        {
            rowBytes = shape[0] == 0 ? 0 : view.ByteLength / shape[0];
            shape[0] = rows < 0 ? shape[0] - firstRow : rows;
        }

        Tensor tensor = empty(shape, view.Info.Type.ToScalarType());
        long length = shape.Length > 0 ? shape[0] * rowBytes : rowBytes;
        if (length <= int.MaxValue)
        {
            view.Slice(firstRow * rowBytes, (int)length).CopyTo(tensor.Raw());
            return tensor;
        }

        // TorchSharp hands out at most 2 GB of a tensor at once.
        int chunk = (int)(int.MaxValue / rowBytes);
        for (long row = 0; row < shape[0]; row += chunk)
        {
            long count = Math.Min(chunk, shape[0] - row);
            using Tensor part = tensor.narrow(0, row, count);
            view.Slice((firstRow + row) * rowBytes, (int)(count * rowBytes)).CopyTo(part.Raw());
        }

        return tensor;
    }

    /// <summary>A float32 copy of rows of a stored tensor.</summary>
    public static Tensor ToFloat32(this TensorView view, long firstRow = 0, long rows = -1)
    {
        Tensor tensor = view.ToTensor(firstRow, rows);
        if (tensor.dtype == ScalarType.Float32)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.to_type(ScalarType.Float32);
        }
    }

    /// <summary>A tensor of the given shape that holds a copy of managed values.</summary>
    public static Tensor ToTensor<T>(this ReadOnlySpan<T> values, ScalarType type, params long[] shape)
        where T : unmanaged
    {
        Tensor tensor = empty(shape, type);
        MemoryMarshal.AsBytes(values).CopyTo(tensor.Raw());
        return tensor;
    }

    /// <summary>The bytes of a contiguous CPU tensor of at most 2 GB, valid while the tensor lives.</summary>
    public static Span<byte> Raw(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.is_contiguous() ? tensor.bytes : throw new ArgumentException("The tensor is not contiguous.", nameof(tensor));
    }

    /// <summary>The elements of a contiguous CPU tensor, valid while the tensor lives.</summary>
    public static Span<T> Elements<T>(this Tensor tensor)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(tensor.Raw());
}
