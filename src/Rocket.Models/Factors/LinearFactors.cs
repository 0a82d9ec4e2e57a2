using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Factors;

/// <summary>The factors of one linear as they lie on disk: W^T ~ D C, C sparse, rows of the dictionary are the atoms.</summary>
public sealed class LinearFactors
{
    private readonly ImmutableArray<(string Suffix, ReadOnlyMemory<byte> Bytes)> _parts;

    /// <summary>Wraps the parts; their lengths must be those of <see cref="FactoredLinear.Tensors"/>.</summary>
    /// <param name="info">Form and sizes.</param>
    /// <param name="partOf">The bytes of a tensor, by its suffix.</param>
    public LinearFactors(FactoredLinear info, Func<string, ReadOnlyMemory<byte>> partOf)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(partOf);
        Info = info;
        _parts = [.. info.Tensors("").Select(tensor => (tensor.Name, partOf(tensor.Name)))];
        foreach ((TensorInfo tensor, (string suffix, ReadOnlyMemory<byte> bytes)) in info.Tensors("").Zip(_parts))
        {
            if (bytes.Length != tensor.ByteLength)
            {
                throw new ArgumentOutOfRangeException(nameof(partOf), bytes.Length, $"'{suffix}' has {tensor.ByteLength} bytes.");
            }
        }
    }

    /// <summary>Wraps parts that are not quantised; sizes must agree.</summary>
    /// <param name="info">Form and sizes.</param>
    /// <param name="dictionary">Atoms <c>[k, d_in]</c> in <see cref="FactoredLinear.Type"/>; empty in the sparse form, where it is the identity.</param>
    /// <param name="mask"><c>[d_out, ceil(k/8)]</c>, bit i of row j: coefficient (i, j) is stored; least significant bit first, padding bits zero.</param>
    /// <param name="values">The stored coefficients, row by row in increasing i.</param>
    public LinearFactors(FactoredLinear info, byte[] dictionary, byte[] mask, byte[] values)
        : this(info, suffix => suffix switch
        {
            FactoredLinear.DictionarySuffix => dictionary,
            FactoredLinear.MaskSuffix => mask,
            _ => values,
        })
        => ArgumentOutOfRangeException.ThrowIfNotEqual(dictionary.LongLength, info.DictionaryElements * info.Type.ByteSize());

    /// <summary>Form and sizes.</summary>
    public FactoredLinear Info { get; }

    /// <summary>Atoms <c>[k, d_in]</c>, rows of unit norm; codes where they are quantised.</summary>
    public ReadOnlyMemory<byte> Dictionary => Part(FactoredLinear.DictionarySuffix);

    /// <summary>Which coefficients are stored, <c>[d_out, ceil(k/8)]</c>; empty where all are.</summary>
    public ReadOnlyMemory<byte> Mask => Part(FactoredLinear.MaskSuffix);

    /// <summary>The stored coefficients, row by row; codes where they are quantised.</summary>
    public ReadOnlyMemory<byte> Values => Part(FactoredLinear.ValuesSuffix);

    /// <summary>The bytes of a tensor; empty where the form has none.</summary>
    /// <param name="suffix">What its name has behind the linear's.</param>
    public ReadOnlyMemory<byte> Part(string suffix) => _parts.FirstOrDefault(part => part.Suffix == suffix).Bytes;

    /// <summary>Packs quantised coefficients.</summary>
    /// <param name="coefficients">C^T <c>[d_out, k]</c>.</param>
    /// <param name="mask">Which of them are stored; empty: all are, and there is no dictionary.</param>
    /// <param name="dictionary">Atoms <c>[k, d_in]</c>; null: the identity.</param>
    /// <param name="type">Type of the source's weight.</param>
    public static LinearFactors Pack(QuantizedMatrix coefficients, byte[] mask, QuantizedMatrix? dictionary, TensorType type)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        ArgumentNullException.ThrowIfNull(mask);
        LinearForm form = dictionary is not null ? LinearForm.Dictionary : mask.Length > 0 ? LinearForm.Sparse : LinearForm.Dense;
        long count = mask.Length > 0 ? CountStored(mask) : (long)coefficients.Rows * coefficients.Columns;
        var info = new FactoredLinear(form, dictionary?.Columns ?? coefficients.Columns, coefficients.Rows, coefficients.Columns, count, type) { Quantization = coefficients.Quantization };
        return new LinearFactors(info, suffix => suffix switch
        {
            FactoredLinear.DictionarySuffix => dictionary!.PackCodes(),
            FactoredLinear.DictionaryScaleSuffix => dictionary!.PackScales(),
            FactoredLinear.DictionaryZeroSuffix => dictionary!.PackZeros(),
            FactoredLinear.MaskSuffix => mask,
            FactoredLinear.ScaleSuffix => coefficients.PackScales(),
            FactoredLinear.ZeroSuffix => coefficients.PackZeros(),
            _ => mask.Length > 0 ? coefficients.PackCodes(mask) : coefficients.PackCodes(),
        });
    }

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
        if (Info.Quantization is { } quantization)
        {
            Dequantize(quantization, coefficients);
            return;
        }

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

    /// <summary>Expands the dictionary to its atoms <c>[k, d_in]</c>.</summary>
    public void ExpandDictionary(Span<float> atoms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(atoms.Length, Info.DictionaryElements);
        if (Info.Quantization is { } quantization)
        {
            byte[] codes = new byte[atoms.Length];
            BitPacking.Unpack(Dictionary.Span, 0, quantization.Bits, codes);
            Groups groups = GroupsOf(FactoredLinear.DictionaryScaleSuffix, FactoredLinear.DictionaryZeroSuffix, quantization, Info.K, Info.DIn);
            for (int i = 0; i < codes.Length; i++)
            {
                atoms[i] = groups.Value(i / Info.DIn, i % Info.DIn, codes[i]);
            }

            return;
        }

        ReadOnlySpan<byte> values = Dictionary.Span;
        int size = Info.Type.ByteSize();
        for (int i = 0; i < atoms.Length; i++)
        {
            atoms[i] = ReadValue(values[(i * size)..], Info.Type);
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
        int stride = Info.HasMask ? FactoredLinear.MaskStride(Info.K) : 0;
        ReadOnlyMemory<byte> mask = Mask.Slice(firstRow * stride, rows * stride);
        int before = Info.HasMask ? (int)CountStored(Mask.Span[..(firstRow * stride)]) : firstRow * Info.K;
        int count = Info.HasMask ? (int)CountStored(mask.Span) : rows * Info.K;
        int groups = Info.Quantization?.Groups(Info.K) ?? 0;
        int groupBytes = groups * Quantization.ScaleType.ByteSize();
        int bits = Info.Quantization?.Bits ?? 0;
        int size = Info.Type.ByteSize();
        return new LinearFactors(Info with { DOut = rows, NonZeros = count }, suffix => suffix switch
        {
            FactoredLinear.MaskSuffix => mask,
            FactoredLinear.ValuesSuffix when bits > 0 => BitPacking.Slice(Values, before, count, bits),
            FactoredLinear.ValuesSuffix => Values.Slice(before * size, count * size),
            FactoredLinear.ScaleSuffix => Part(suffix).Slice(firstRow * groupBytes, rows * groupBytes),
            FactoredLinear.ZeroSuffix => BitPacking.Slice(Part(suffix), (long)firstRow * groups, rows * groups, bits),
            _ => Part(suffix),
        });
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

    /// <summary>Whether a mask marks a coefficient as stored.</summary>
    /// <param name="mask"><c>[d_out, ceil(k/8)]</c>.</param>
    /// <param name="stride">Bytes of its rows.</param>
    internal static bool IsStored(ReadOnlySpan<byte> mask, int stride, int row, int column) => ((mask[(row * stride) + (column >> 3)] >> (column & 7)) & 1) != 0;

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

    private void Dequantize(Quantization quantization, Span<float> coefficients)
    {
        byte[] codes = new byte[Info.NonZeros];
        BitPacking.Unpack(Values.Span, 0, quantization.Bits, codes);
        Groups groups = GroupsOf(FactoredLinear.ScaleSuffix, FactoredLinear.ZeroSuffix, quantization, Info.DOut, Info.K);
        ReadOnlySpan<byte> mask = Mask.Span;
        int stride = FactoredLinear.MaskStride(Info.K);
        int next = 0;
        for (int j = 0; j < Info.DOut; j++)
        {
            for (int i = 0; i < Info.K; i++)
            {
                bool isStored = !Info.HasMask || IsStored(mask, stride, j, i);
                coefficients[(j * Info.K) + i] = isStored ? groups.Value(j, i, codes[next++]) : 0;
            }
        }
    }

    private Groups GroupsOf(string scaleSuffix, string zeroSuffix, Quantization quantization, int rows, int columns)
    {
        int count = quantization.Groups(columns);
        byte[] zeros = new byte[rows * count];
        BitPacking.Unpack(Part(zeroSuffix).Span, 0, quantization.Bits, zeros);
        return new Groups(MemoryMarshal.Cast<byte, Half>(Part(scaleSuffix).Span).ToArray(), zeros, count, quantization.GroupSize);
    }

    private sealed record Groups(Half[] Scales, byte[] Zeros, int OfARow, int Size)
    {
        public float Value(int row, int column, byte code)
        {
            int group = (row * OfARow) + (column / Size);
            return (float)Scales[group] * (code - Zeros[group]);
        }
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
