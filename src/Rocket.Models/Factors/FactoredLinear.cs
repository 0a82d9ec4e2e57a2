using Rocket.Models.Checkpoints;

namespace Rocket.Models.Factors;

/// <summary>How a linear is written when it is not dense.</summary>
public enum LinearForm
{
    /// <summary>A dense dictionary times sparse coefficients.</summary>
    Dictionary,

    /// <summary>The identity as dictionary: the weight itself with entries removed.</summary>
    Sparse,
}

/// <summary>Form and sizes of a factored linear: enough to allocate before it is loaded.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="DIn">Columns of the weight.</param>
/// <param name="DOut">Rows of the weight.</param>
/// <param name="K">Number of atoms; d_in in the sparse form.</param>
/// <param name="NonZeros">Stored coefficients.</param>
/// <param name="Type">Type of dictionary and values: F32, F16 or BF16.</param>
public sealed record FactoredLinear(LinearForm Form, int DIn, int DOut, int K, long NonZeros, TensorType Type)
{
    /// <summary>Suffix of the dictionary's tensor.</summary>
    public const string DictionarySuffix = ".dictionary";

    /// <summary>Suffix of the mask's tensor.</summary>
    public const string MaskSuffix = ".mask";

    /// <summary>Suffix of the values' tensor.</summary>
    public const string ValuesSuffix = ".values";

    /// <summary>Elements of the dictionary; 0 in the sparse form.</summary>
    public long DictionaryElements => Form == LinearForm.Sparse ? 0 : (long)K * DIn;

    /// <summary>Bytes of the mask.</summary>
    public long MaskBytes => (long)MaskStride(K) * DOut;

    /// <summary>The paper's count: dictionary entries and stored coefficients; masks are free.</summary>
    public long Parameters => DictionaryElements + NonZeros;

    /// <summary>Bytes of dictionary, mask and values.</summary>
    public long ByteLength => MaskBytes + (Parameters * Type.ByteSize());

    /// <summary>Bytes of a mask's row.</summary>
    public static int MaskStride(int k) => (k / 8) + (k % 8 == 0 ? 0 : 1);

    /// <summary>The tensors that hold the linear <paramref name="name"/>, in the order of the file.</summary>
    public IEnumerable<TensorInfo> Tensors(string name)
    {
        if (Form == LinearForm.Dictionary)
        {
            yield return new TensorInfo(name + DictionarySuffix, Type, [K, DIn]);
        }

        yield return new TensorInfo(name + MaskSuffix, TensorType.U8, [DOut, MaskStride(K)]);
        yield return new TensorInfo(name + ValuesSuffix, Type, [NonZeros]);
    }
}
