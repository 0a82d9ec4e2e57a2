using System.Runtime.InteropServices;
using CsCheck;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Checkpoints;

public sealed class FiniteScanTests
{
    [Fact]
    public void One_value_that_is_not_finite_is_found_wherever_it_stands()
        => Gen.Select(Gen.Int[1, 200], Gen.Int[0, 199], Gen.OneOf(Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity)))
            .Where((length, position, _) => position < length)
            .Sample((length, position, value) =>
            {
                Found(TensorType.F64, length, position, double.MaxValue, value);
                Found(TensorType.F32, length, position, float.MinValue, (float)value);
                Found(TensorType.F16, length, position, Half.MaxValue, (Half)value);
                Found(TensorType.BF16, length, position, (ushort)0x7F7F, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
            });

    [Fact]
    public void Integers_are_finite()
        => Assert.True(FiniteScan.AllFinite([255, 255, 255, 255], TensorType.I32));

    private static void Found<T>(TensorType type, int length, int position, T finite, T notFinite)
        where T : unmanaged
    {
        T[] values = new T[length];
        Array.Fill(values, finite);
        Assert.True(FiniteScan.AllFinite(MemoryMarshal.AsBytes<T>(values), type));
        values[position] = notFinite;
        Assert.False(FiniteScan.AllFinite(MemoryMarshal.AsBytes<T>(values), type));
    }
}
