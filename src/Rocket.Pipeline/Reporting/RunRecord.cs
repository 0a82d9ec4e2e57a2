using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Reporting;

/// <summary><c>BUDGET.run.json</c> beside an artifact: what was measured, which is never part of the artifact.</summary>
public static class RunRecord
{
    private const int SchemaVersion = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Where the record of a budget lies.</summary>
    public static string PathOf(string output, string model, string budget) => Path.Combine(output, model, $"{budget}.run.json");

    /// <summary>Writes the record of one budget; leaves one that says the same alone where this run computed nothing.</summary>
    /// <param name="output">The output folder.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="source">The source as measured.</param>
    /// <param name="result">The artifact.</param>
    /// <param name="texts">Its perplexities.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="RocketException">RKT6001: the file cannot be written.</exception>
    public static void Write(string output, string model, SourceResult source, BudgetResult result, ImmutableArray<TextPerplexity> texts, BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(context);
        string path = PathOf(output, model, result.Budget);
        EvaluationPart evaluation = Evaluation(source, texts);
        RunMeasurements measured = context.Measurements;
        if (measured.Computed.IsEmpty && TryReadEvaluation(path) is { } known && Text(known) == Text(evaluation))
        {
            return;
        }

        var record = new RunFile
        {
            SchemaVersion = SchemaVersion,
            Model = model,
            Budget = result.Budget,
            Bytes = result.Bytes,
            SourceBytes = source.Bytes,
            KeptParameters = result.Plan.KeptParameters,
            LinearParameters = source.LinearParameters,
            Evaluation = evaluation,
            Run = new RunPart
            {
                Threads = context.Units.Threads,
                WallSeconds = new(measured.Wall.ToDictionary(stage => stage.Key, stage => stage.Value.TotalSeconds), StringComparer.Ordinal),
                Computed = new(measured.Computed, StringComparer.Ordinal),
                PeakMemory = RunMeasurements.PeakMemory(),
            },
        };
        WholeFile.Write(path, ArtifactJson.Serialize(ArtifactJson.Node(record)));
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="RocketException">RKT6201: it cannot be read or is damaged.</exception>
    internal static RunFile Read(string path)
    {
        try
        {
            RunFile record = JsonSerializer.Deserialize<RunFile>(File.ReadAllBytes(path), Options) ?? throw new JsonException("It is empty.");
            return record.SchemaVersion == SchemaVersion && record.LinearParameters > 0 && record.SourceBytes > 0
                ? record
                : throw new JsonException($"Its version is {record.SchemaVersion}, its parameters {record.LinearParameters}, its source has {record.SourceBytes} bytes.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.DamagedRecord(path, exception);
        }
    }

    private static EvaluationPart Evaluation(SourceResult source, ImmutableArray<TextPerplexity> texts)
        => new() { Perplexity = [.. source.Texts.Zip(texts, (dense, compressed) => new TextPart(compressed.Text, dense.Result, compressed.Result))] };

    private static string Text(EvaluationPart evaluation) => ArtifactJson.Text(ArtifactJson.Node(evaluation));

    private static EvaluationPart? TryReadEvaluation(string path)
    {
        try
        {
            return File.Exists(path) ? Read(path).Evaluation : null;
        }
        catch (RocketException)
        {
            // Somebody else's file, or a damaged one: it is written anew.
            return null;
        }
    }
}
