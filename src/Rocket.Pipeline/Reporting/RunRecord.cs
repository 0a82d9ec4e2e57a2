using System.Text.Json;
using System.Text.Json.Serialization;
using Rocket.Compression.Evaluation;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Cost;
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
    /// <param name="quality">What was measured of it.</param>
    /// <param name="context">The run.</param>
    /// <param name="cost">What it took.</param>
    /// <exception cref="RocketException">RKT6001: the file cannot be written.</exception>
    public static void Write(string output, string model, SourceResult source, BudgetResult result, ModelQuality quality, BuildContext context, RunCost cost)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(cost);
        string path = PathOf(output, model, result.Budget);
        EvaluationPart evaluation = Evaluation(source.Quality, quality);
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
                CpuSeconds = cost.CpuSeconds,
                Energy = new(cost.Joules, cost.EnergySource, cost.EnergyDetail),
                Carbon = new(cost.Grams, cost.GramsPerKilowattHour, cost.CarbonSource),
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

    private static EvaluationPart Evaluation(ModelQuality dense, ModelQuality compressed) => new()
    {
        Perplexity = [.. dense.Texts.Zip(compressed.Texts, (source, artifact) => new TextPart(artifact.Text, source.Result, artifact.Result))],
        Tasks = [.. dense.Tasks.Zip(compressed.Tasks).SelectMany(pair => TaskParts(pair.First, pair.Second))],
    };

    private static IEnumerable<TaskPart> TaskParts(TaskResult dense, TaskResult compressed)
    {
        yield return new(compressed.Task, "acc", dense.Answers.Accuracy, compressed.Answers.Accuracy, AccuracyDifference.Of(compressed.Answers.Right, dense.Answers.Right));
        if (compressed.HasChoices)
        {
            yield return new(
                compressed.Task,
                "acc_norm",
                dense.Answers.NormalizedAccuracy,
                compressed.Answers.NormalizedAccuracy,
                AccuracyDifference.Of(compressed.Answers.RightNormalized, dense.Answers.RightNormalized));
        }
    }

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
