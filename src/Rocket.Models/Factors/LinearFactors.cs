using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Factors;

/// <summary>The factors of one linear as they lie on disk: W^T ~ D C, C sparse, rows of the dictionary are the atoms.</summary>
public sealed class LinearFactors
{
    /// <summary>Wraps the three parts; sizes must agree.</summary>
    /// <param name="info">Form and sizes.</param>
    /// <param name="dictionary">Atoms <c>[k, d_in]</c> in <see cref="FactoredLinear.Type"/>; empty in the sparse form, where it is the identity.</param>
    /// <param name="mask"><c>[d_out, ceil(k/8)]</c>, bit i of row j: coefficient (i, j) is stored; least significant bit first, padding bits zero.</param>
    /// <param name="values">The stored coefficients, row by row in increasing i.</param>
    public LinearFactors(FactoredLinear info, byte[] dictionary, byte[] mask, byte[] values)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(dictionary);
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.LongLength, info.MaskBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.LongLength, info.NonZeros * info.Type.ByteSize());
        ArgumentOutOfRangeException.ThrowIfNotEqual(dictionary.LongLength, info.DictionaryElements * info.Type.ByteSize());
        Info = info;
        Dictionary = dictionary;
        Mask = mask;
        Values = values;
    }

    private LinearFactors(FactoredLinear info, ReadOnlyMemory<byte> dictionary, ReadOnlyMemory<byte> mask, ReadOnlyMemory<byte> values)
        => (Info, Dictionary, Mask, Values) = (info, dictionary, mask, values);

    /// <summary>Form and sizes.</summary>
    public FactoredLinear Info { get; }

    /// <summary>Atoms <c>[k, d_in]</c>, rows of unit norm.</summary>
    public ReadOnlyMemory<byte> Dictionary { get; }

    /// <summary>Which coefficients are stored, <c>[d_out, ceil(k/8)]</c>.</summary>
    public ReadOnlyMemory<byte> Mask { get; }

    /// <summary>The stored coefficients, row by row.</summary>
    public ReadOnlyMemory<byte> Values { get; }

    /// <summary>Packs coefficients; whatever is not zero is stored.</summary>
    /// <param name="coefficients">C^T <c>[d_out, k]</c>, already rounded to <paramref name="type"/>.</param>
    /// <param name="dictionary">Atoms in <paramref name="type"/>, or empty.</param>
    public static LinearFactors Pack(ReadOnlySpan<float> coefficients, byte[] dictionary, int dIn, int dOut, int k, TensorType type)
    {
        int stride = FactoredLinear.MaskStride(k);
        byte[] mask = new byte[(long)stride * dOut];
        using var values = new MemoryStream();
        Span<byte> value = stackalloc byte[4];
        int size = type.ByteSize();
        long count = 0;
        for (int j = 0; j < dOut; j++)
        {
            ReadOnlySpan<float> row = coefficients.Slice(j * k, k);
            for (int i = 0; i < k; i++)
            {
                if (row[i] != 0)
                {
                    mask[(j * stride) + (i >> 3)] |= (byte)(1 << (i & 7));
                    WriteValue(value, row[i], type);
                    values.Write(value[..size]);
                    count++;
                }
            }
        }

        var info = new FactoredLinear(dictionary.Length == 0 ? LinearForm.Sparse : LinearForm.Dictionary, dIn, dOut, k, count, type);
        return new LinearFactors(info, dictionary, mask, values.ToArray());
    }

    /// <summary>Expands the coefficients to C^T <c>[d_out, k]</c>.</summary>
    public void Expand(Span<float> coefficients)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(coefficients.Length, Info.DOut * Info.K);
        coefficients.Clear();
        int stride = FactoredLinear.MaskStride(Info.K);
        ReadOnlySpan<byte> mask = Mask.Span;
        ReadOnlySpan<byte> values = Values.Span;
        int size = Info.Type.ByteSize();
        for (int j = 0; j < Info.DOut; j++)
        {
            for (int b = 0; b < stride; b++)
            {
                for (uint bits = mask[(j * stride) + b]; bits != 0; bits &= bits - 1)
                {
                    int i = (b << 3) + BitOperations.TrailingZeroCount(bits);
                    coefficients[(j * Info.K) + i] = ReadValue(values, Info.Type);
                    values = values[size..];
                }
            }
        }
    }

    /// <summary>The factors of some rows of the weight: their coefficients, and the same dictionary.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="rows">Number of rows.</param>
    public LinearFactors Rows(int firstRow, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Info.DOut - firstRow);
        int stride = FactoredLinear.MaskStride(Info.K);
        ReadOnlyMemory<byte> mask = Mask.Slice(firstRow * stride, rows * stride);
        int size = Info.Type.ByteSize();
        int before = (int)CountStored(Mask.Span[..(firstRow * stride)]);
        int count = (int)CountStored(mask.Span);
        return new LinearFactors(Info with { DOut = rows, NonZeros = count }, Dictionary, mask, Values.Slice(before * size, count * size));
    }

    /// <summary>Number of coefficients that a mask marks as stored.</summary>
    public static long CountStored(ReadOnlySpan<byte> mask)
    {
        long count = 0;
        foreach (byte bits in mask)
        {
            count += BitOperations.PopCount(bits);
        }

        return count;
    }

    /// <summary>Whether a mask has a bit set behind the last coefficient of a row.</summary>
    /// <param name="mask"><c>[d_out, ceil(k/8)]</c>.</param>
    /// <param name="k">Coefficients a row.</param>
    public static bool HasPadding(ReadOnlySpan<byte> mask, int k)
    {
        int stride = FactoredLinear.MaskStride(k);
        int padding = 0xff << (k & 7);
        for (int last = stride - 1; (k & 7) != 0 && last < mask.Length; last += stride)
        {
            if ((mask[last] & padding) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteValue(Span<byte> target, float value, TensorType type)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.Write(target, value);
                break;
            case TensorType.F16:
                MemoryMarshal.Write(target, (Half)value);
                break;
            default:
                // The value is a BF16 already: its lower half is zero.
                BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                break;
        }
    }

    private static float ReadValue(ReadOnlySpan<byte> source, TensorType type) => type switch
    {
        TensorType.F32 => MemoryMarshal.Read<float>(source),
        TensorType.F16 => (float)MemoryMarshal.Read<Half>(source),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source) << 16),
    };
}
