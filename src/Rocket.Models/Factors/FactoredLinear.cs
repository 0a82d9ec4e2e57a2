using System.Text.Json.Serialization;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Factors;

/// <summary>How a linear is written when it is not the source's own.</summary>
public enum LinearForm
{
    /// <summary>A dense dictionary times sparse coefficients.</summary>
    Dictionary,

    /// <summary>The identity as dictionary: the weight itself with entries removed.</summary>
    Sparse,

    /// <summary>The weight itself with all of its entries, quantised.</summary>
    Dense,
}

/// <summary>Form and sizes of a factored linear: enough to allocate before it is loaded.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="DIn">Columns of the weight.</param>
/// <param name="DOut">Rows of the weight.</param>
/// <param name="K">Number of atoms; d_in in the other forms.</param>
/// <param name="NonZeros">Stored coefficients.</param>
/// <param name="Type">Type of dictionary and values, F32, F16 or BF16; of the source's weight where they are quantised.</param>
public sealed record FactoredLinear(LinearForm Form, int DIn, int DOut, int K, long NonZeros, TensorType Type)
{
    /// <summary>Suffix of the dictionary's tensor.</summary>
    public const string DictionarySuffix = ".dictionary";

    /// <summary>Suffix of the scales of a quantised dictionary.</summary>
    public const string DictionaryScaleSuffix = ".dictionary_scale";

    /// <summary>Suffix of the zero points of a quantised dictionary.</summary>
    public const string DictionaryZeroSuffix = ".dictionary_zero";

    /// <summary>Suffix of the mask's tensor.</summary>
    public const string MaskSuffix = ".mask";

    /// <summary>Suffix of the values' tensor.</summary>
    public const string ValuesSuffix = ".values";

    /// <summary>Suffix of the scales of quantised values.</summary>
    public const string ScaleSuffix = ".scale";

    /// <summary>Suffix of the zero points of quantised values.</summary>
    public const string ZeroSuffix = ".zero";

    /// <summary>How dictionary and values are quantised; null: they are of <see cref="Type"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Quantization? Quantization { get; init; }

    /// <summary>Whether a mask tells which coefficients are stored; without one all are.</summary>
    [JsonIgnore]
    public bool HasMask => Form != LinearForm.Dense;

    /// <summary>Elements of the dictionary; 0 where the form has none.</summary>
    public long DictionaryElements => Form == LinearForm.Dictionary ? (long)K * DIn : 0;

    /// <summary>Bytes of the mask.</summary>
    public long MaskBytes => HasMask ? (long)MaskStride(K) * DOut : 0;

    /// <summary>The paper's count: dictionary entries and stored coefficients; masks are free.</summary>
    public long Parameters => DictionaryElements + NonZeros;

    /// <summary>Bytes of all tensors: dictionary, mask, values, scales and zero points.</summary>
    public long ByteLength => Tensors("").Sum(tensor => tensor.ByteLength);

    /// <summary>Bytes of a mask's row.</summary>
    public static int MaskStride(int k) => (k / 8) + (k % 8 == 0 ? 0 : 1);

    /// <summary>The tensors that hold the linear <paramref name="name"/>, in the order of the file.</summary>
    public IEnumerable<TensorInfo> Tensors(string name)
    {
        if (Form == LinearForm.Dictionary && Quantization is { } atoms)
        {
            foreach (TensorInfo tensor in Quantized(name, DictionarySuffix, DictionaryScaleSuffix, DictionaryZeroSuffix, K, DIn, DictionaryElements, atoms))
            {
                yield return tensor;
            }
        }
        else if (Form == LinearForm.Dictionary)
        {
            yield return new TensorInfo(name + DictionarySuffix, Type, [K, DIn]);
        }

        if (HasMask)
        {
            yield return new TensorInfo(name + MaskSuffix, TensorType.U8, [DOut, MaskStride(K)]);
        }

        if (Quantization is { } values)
        {
            foreach (TensorInfo tensor in Quantized(name, ValuesSuffix, ScaleSuffix, ZeroSuffix, DOut, K, NonZeros, values))
            {
                yield return tensor;
            }
        }
        else
        {
            yield return new TensorInfo(name + ValuesSuffix, Type, [NonZeros]);
        }
    }

    private static TensorInfo[] Quantized(string name, string codes, string scale, string zero, int rows, int columns, long count, Quantization quantization)
    {
        int groups = quantization.Groups(columns);
        return
        [
            new TensorInfo(name + codes, TensorType.U8, [BitPacking.LengthOf(count, quantization.Bits)]),
            new TensorInfo(name + scale, Quantization.ScaleType, [rows, groups]),
            new TensorInfo(name + zero, TensorType.U8, [BitPacking.LengthOf((long)rows * groups, quantization.Bits)]),
        ];
    }
}
