using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Rocket.Compression.Evaluation;

namespace Rocket.Pipeline.Reporting;

/// <summary>What <c>BUDGET.run.json</c> says.</summary>
internal sealed record RunFile
{
    public required int SchemaVersion { get; init; }

    public required string Model { get; init; }

    public required string Budget { get; init; }

    public required long Bytes { get; init; }

    public required long SourceBytes { get; init; }

    public required long KeptParameters { get; init; }

    public required long LinearParameters { get; init; }

    public required EvaluationPart Evaluation { get; init; }

    public required RunPart Run { get; init; }

    [JsonIgnore]
    public double RemovedShare => 1 - ((double)KeptParameters / LinearParameters);
}

/// <summary>What was measured of an artifact and of its source.</summary>
internal sealed record EvaluationPart
{
    public ImmutableArray<TextPart> Perplexity { get; init; } = [];

    public ImmutableArray<TaskPart> Tasks { get; init; } = [];
}

/// <summary>Perplexity on one text.</summary>
internal sealed record TextPart(string Text, PerplexityResult Dense, PerplexityResult Compressed)
{
    /// <summary>Rise of the negative log-likelihood over dense, nats a token.</summary>
    [JsonIgnore]
    public double Rise => Compressed.Nll - Dense.Nll;
}

/// <summary>Accuracy by one metric of one task.</summary>
internal sealed record TaskPart(string Task, string Metric, Accuracy Dense, Accuracy Compressed, AccuracyDifference Difference);

/// <summary>What the run took that wrote the record.</summary>
internal sealed record RunPart
{
    public int Threads { get; init; }

    public SortedDictionary<string, double> WallSeconds { get; init; } = [];

    public SortedDictionary<string, int> Computed { get; init; } = [];

    public double? CpuSeconds { get; init; }

    public long PeakMemory { get; init; }

    public EnergyPart? Energy { get; init; }

    public CarbonPart? Carbon { get; init; }
}

/// <summary>Energy of a run and how it was had.</summary>
internal sealed record EnergyPart(double Joules, string Source, string Detail);

/// <summary>Emissions of a run and the intensity that they follow from.</summary>
internal sealed record CarbonPart(double Grams, double GramsPerKilowattHour, string Source);
