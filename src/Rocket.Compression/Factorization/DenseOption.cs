using System.Text.Json.Serialization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>The weight itself with all of its entries, quantised. Left in its own type it is no option of a factorizer: it is dense at no error.</summary>
public sealed record DenseOption : LinearOption
{
    /// <summary>Name of the form.</summary>
    public const string FormName = "dense";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Form => FormName;

    /// <inheritdoc/>
    public override FactoredLinear Layout(int dIn, int dOut, TensorType type)
        => new(LinearForm.Dense, dIn, dOut, dIn, (long)dIn * dOut, type) { Quantization = Quantization };
}
