using System.Runtime.InteropServices;

namespace Rocket.Models.Factors;

/// <summary>A matrix of integer codes <c>[rows, columns]</c> with a scale and a zero point for every group of columns of a row.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="quantization">Width of the codes and of the groups.</param>
public sealed class QuantizedMatrix(int rows, int columns, Quantization quantization)
{
    private readonly byte[] _codes = new byte[(long)rows * columns];
    private readonly Half[] _scales = new Half[(long)rows * quantization.Groups(columns)];
    private readonly byte[] _zeros = new byte[(long)rows * quantization.Groups(columns)];

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>Width of the codes and of the groups.</summary>
    public Quantization Quantization { get; } = quantization;

    /// <summary>Groups of a row.</summary>
    public int Groups { get; } = quantization.Groups(columns);

    /// <summary>The codes, row by row.</summary>
    public Span<byte> Codes => _codes;

    /// <summary>Scales <c>[rows, groups]</c>.</summary>
    public Span<Half> Scales => _scales;

    /// <summary>Zero points <c>[rows, groups]</c>.</summary>
    public Span<byte> Zeros => _zeros;

    /// <summary>The values, scale * (code - zero point) each, row by row.</summary>
    public void Dequantize(Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _codes.Length);
        for (int group = 0; group < _scales.Length; group++)
        {
            int column = group % Groups * Quantization.GroupSize;
            int start = (group / Groups * Columns) + column;
            float scale = (float)_scales[group];
            int zero = _zeros[group];
            for (int i = start; i < start + Math.Min(Quantization.GroupSize, Columns - column); i++)
            {
                values[i] = scale * (_codes[i] - zero);
            }
        }
    }

    /// <summary>Copies all rows into a taller matrix of the same columns and width.</summary>
    /// <param name="target">The taller matrix.</param>
    /// <param name="firstRow">Where its rows begin there.</param>
    public void CopyTo(QuantizedMatrix target, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Columns != Columns || target.Quantization != Quantization)
        {
            throw new ArgumentException("It has other columns or codes.", nameof(target));
        }

        _codes.CopyTo(target.Codes[(firstRow * Columns)..]);
        _scales.CopyTo(target.Scales[(firstRow * Groups)..]);
        _zeros.CopyTo(target.Zeros[(firstRow * Groups)..]);
    }

    /// <summary>All codes as they are stored.</summary>
    internal byte[] PackCodes() => BitPacking.Pack(_codes, Quantization.Bits);

    /// <summary>The codes that a mask marks, as they are stored.</summary>
    /// <param name="mask"><c>[rows, ceil(columns/8)]</c>.</param>
    internal byte[] PackCodes(ReadOnlySpan<byte> mask)
    {
        byte[] kept = new byte[LinearFactors.CountStored(mask)];
        int stride = FactoredLinear.MaskStride(Columns);
        int next = 0;
        for (int i = 0; i < _codes.Length; i++)
        {
            if (LinearFactors.IsStored(mask, stride, i / Columns, i % Columns))
            {
                kept[next++] = _codes[i];
            }
        }

        return BitPacking.Pack(kept, Quantization.Bits);
    }

    /// <summary>The scales as they are stored.</summary>
    internal byte[] PackScales() => MemoryMarshal.AsBytes<Half>(_scales).ToArray();

    /// <summary>The zero points as they are stored.</summary>
    internal byte[] PackZeros() => BitPacking.Pack(_zeros, Quantization.Bits);
}
