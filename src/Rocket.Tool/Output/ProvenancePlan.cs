using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>The plan as rocket.json tells it.</summary>
internal sealed record ProvenancePlan
{
    public required string Model { get; init; }

    public required string Budget { get; init; }

    /// <summary>What the costs are; artifacts of the paper's method do not say it.</summary>
    public required CostUnit Unit { get; init; }

    public required double Cost { get; init; }

    public required double Bound { get; init; }

    public required bool IsProven { get; init; }

    public required bool IsDenseExport { get; init; }

    public required long DenseParameters { get; init; }

    public required long KeptParameters { get; init; }

    public required double RemovedShare { get; init; }

    public required ImmutableArray<PlanCell> Cells { get; init; }

    /// <summary>Whitened errors of the factored linears.</summary>
    public required ImmutableArray<(double Predicted, double Realised)> Errors { get; init; }

    /// <summary>Largest relative difference between a predicted and a realised error.</summary>
    public double LargestDifference => Errors.Max(error => Math.Abs(error.Realised - error.Predicted) / Math.Max(error.Predicted, double.Epsilon));

    /// <summary>Reads the plan.</summary>
    /// <exception cref="JsonException">A member is missing.</exception>
    /// <exception cref="InvalidOperationException">A member is of another type.</exception>
    public static ProvenancePlan Read(JsonObject provenance)
    {
        JsonNode plan = Member(provenance, "plan");
        JsonArray linears = Member(plan, "linears").AsArray();
        return new ProvenancePlan
        {
            Model = Member(provenance, "model").GetValue<string>(),
            Budget = Member(Member(provenance, "budget"), "name").GetValue<string>(),
            Unit = ReadUnit(plan["costUnit"]?.GetValue<string>()),
            Cost = Member(plan, "cost").GetValue<double>(),
            Bound = Member(plan, "bound").GetValue<double>(),
            IsProven = Member(plan, "proven").GetValue<bool>(),
            IsDenseExport = provenance["denseExport"]?.GetValue<bool>() ?? false,
            DenseParameters = Member(plan, "denseParameters").GetValue<long>(),
            KeptParameters = Member(plan, "keptParameters").GetValue<long>(),
            RemovedShare = Member(plan, "removedShare").GetValue<double>(),
            Cells = [.. linears.Select(Cell)],
            Errors = [.. linears.Where(linear => linear?["realised"] is not null).Select(linear => (Whitened(linear, "predicted"), Whitened(linear, "realised")))],
        };
    }

    private static CostUnit ReadUnit(string? name)
        => name is null ? CostUnit.WeightError : Enum.TryParse(name, out CostUnit unit) ? unit : throw new JsonException($"\"{name}\" is no unit of costs.");

    private static PlanCell Cell(JsonNode? linear) => new(
        Member(linear, "name").GetValue<string>(),
        Member(linear, "block").GetValue<int>(),
        Member(linear, "d_in").GetValue<long>() * Member(linear, "d_out").GetValue<long>(),
        Member(linear, "parameters").GetValue<long>(),
        Member(linear, "form").GetValue<string>(),
        linear?["k"]?.GetValue<int>(),
        linear?["s"]?.GetValue<int>(),
        linear?["bits"]?.GetValue<int>());

    private static double Whitened(JsonNode? linear, string name) => Member(Member(linear, name), "whitenedError").GetValue<double>();

    private static JsonNode Member(JsonNode? node, string name) => node?[name] ?? throw new JsonException($"\"{name}\" is missing.");
}
