using System.Text.Json.Serialization;

namespace Rocket.Compression.Factorization;

/// <summary>How a linear is written when it is not dense: a form with its parameters.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "form")]
[JsonDerivedType(typeof(DictionaryOption), DictionaryOption.FormName)]
[JsonDerivedType(typeof(SparseOption), SparseOption.FormName)]
public abstract record LinearOption
{
    private protected LinearOption()
    {
    }

    /// <summary>Name of the form in files and tables.</summary>
    [JsonIgnore]
    public abstract string Form { get; }

    /// <summary>The paper's count: dictionary entries and stored coefficients; masks are free.</summary>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    public abstract long Parameters(int dIn, int dOut);

    /// <summary>Bytes of the mask that says which coefficients are stored.</summary>
    /// <param name="dIn">Columns of the weight.</param>
    /// <param name="dOut">Rows of the weight.</param>
    public abstract long MaskBytes(int dIn, int dOut);
}
