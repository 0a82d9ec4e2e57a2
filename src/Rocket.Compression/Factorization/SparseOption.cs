using System.Text.Json.Serialization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>The weight itself with a share of its entries removed and the rest corrected: the identity as dictionary.</summary>
/// <param name="Share">Share of the entries that is removed (a point of the grid).</param>
/// <param name="NonZeros">Entries that stay.</param>
public sealed record SparseOption(double Share, long NonZeros) : LinearOption
{
    /// <summary>Name of the form.</summary>
    public const string FormName = "sparse";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Form => FormName;

    /// <inheritdoc/>
    public override FactoredLinear Layout(int dIn, int dOut, TensorType type) => new(LinearForm.Sparse, dIn, dOut, dIn, NonZeros, type) { Quantization = Quantization };
}
