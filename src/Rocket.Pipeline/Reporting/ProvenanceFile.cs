using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rocket.Pipeline.Reporting;

/// <summary>What the report takes from an artifact's <c>rocket.json</c>; members that it does not know are left aside.</summary>
internal sealed record ProvenanceFile
{
    public string? Tool { get; init; }

    public string? Method { get; init; }

    public string? ModelType { get; init; }

    public SourcePart? Source { get; init; }

    public JsonObject? Calibration { get; init; }

    public JsonObject? Budget { get; init; }

    public required PlanPart Plan { get; init; }
}

/// <summary>The source of an artifact.</summary>
internal sealed record SourcePart(string Digest, long Bytes);

/// <summary>An artifact's plan.</summary>
internal sealed record PlanPart
{
    public double Cost { get; init; }

    public double Bound { get; init; }

    public bool Proven { get; init; }

    public string? CostUnit { get; init; }

    public string? Correction { get; init; }

    public StepsPart? Steps { get; init; }

    public required ImmutableArray<LinearPart> Linears { get; init; }

    /// <summary>The predicted rise of the loss in nats a token; null where costs are something else.</summary>
    [JsonIgnore]
    public double? PredictedNats => CostUnit == nameof(Stages.CostUnit.Nats) ? Cost : null;
}

/// <summary>The method's steps, where some were left out.</summary>
internal sealed record StepsPart(bool WeighsRows, bool WeighsLinears, bool Refines)
{
    /// <summary>What was left out, as the manifest says it.</summary>
    public override string ToString() => string.Join(
        ", ",
        new[] { WeighsRows ? null : "sensitivity: cost", WeighsLinears ? null : "sensitivity: rows", Refines ? null : "refinement: none" }.OfType<string>());
}

/// <summary>One linear of a plan.</summary>
internal sealed record LinearPart
{
    public required string Name { get; init; }

    public required int Block { get; init; }

    [JsonPropertyName("d_in")]
    public required int DIn { get; init; }

    [JsonPropertyName("d_out")]
    public required int DOut { get; init; }

    public required string Form { get; init; }

    public required long Parameters { get; init; }

    public int? K { get; init; }

    public int? S { get; init; }

    /// <summary>Bits a stored value; null where values are of the source's type.</summary>
    public double? Bits { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Forms that a later tool may have written say more than this.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }

    [JsonIgnore]
    public long DenseParameters => (long)DIn * DOut;

    [JsonIgnore]
    public bool IsDense => Form == "dense";

    /// <summary>Rank of what is stored: the atoms of a dictionary, else that of the whole weight.</summary>
    [JsonIgnore]
    public int Rank => K is { } atoms ? Math.Min(atoms, FullRank) : FullRank;

    [JsonIgnore]
    public int FullRank => Math.Min(DIn, DOut);
}
