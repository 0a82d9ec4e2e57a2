using System.Text.Json.Serialization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>How a linear is written when it is not left as it is: a form with its parameters.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "form")]
[JsonDerivedType(typeof(DictionaryOption), DictionaryOption.FormName)]
[JsonDerivedType(typeof(SparseOption), SparseOption.FormName)]
[JsonDerivedType(typeof(DenseOption), DenseOption.FormName)]
public abstract record LinearOption
{
    private protected LinearOption()
    {
    }

    /// <summary>Name of the form in files and tables.</summary>
    [JsonIgnore]
    public abstract string Form { get; }

    /// <summary>How dictionary and values are quantised; null: they are stored in the source's type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Quantization? Quantization { get; init; }

    /// <summary>The paper's count: dictionary entries and stored coefficients; masks are free.</summary>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    public long Parameters(int dIn, int dOut) => Layout(dIn, dOut, TensorType.F32).Parameters;

    /// <summary>Form and sizes of the factors as they are stored, where no coefficient rounds to zero.</summary>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    /// <param name="type">Type of dictionary and values.</param>
    public abstract FactoredLinear Layout(int dIn, int dOut, TensorType type);
}
