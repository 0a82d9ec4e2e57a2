using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Reporting;

/// <summary><c>BUDGET.run.json</c> beside an artifact: what was measured, which is never part of the artifact.</summary>
public static class RunRecord
{
    private const int SchemaVersion = 1;

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
        JsonObject evaluation = Evaluation(source, texts);
        RunMeasurements measured = context.Measurements;
        if (measured.Computed.IsEmpty && ReadEvaluation(path) == ArtifactJson.Text(evaluation))
        {
            return;
        }

        var record = new JsonObject
        {
            ["schemaVersion"] = SchemaVersion,
            ["model"] = model,
            ["budget"] = result.Budget,
            ["bytes"] = result.Bytes,
            ["sourceBytes"] = source.Bytes,
            ["keptParameters"] = result.Plan.KeptParameters,
            ["linearParameters"] = source.LinearParameters,
            ["evaluation"] = evaluation,
            ["run"] = new JsonObject
            {
                ["threads"] = context.Units.Threads,
                ["wallSeconds"] = new JsonObject(measured.Wall.Select(stage => KeyValuePair.Create(stage.Key, (JsonNode?)stage.Value.TotalSeconds))),
                ["computed"] = new JsonObject(measured.Computed.Select(stage => KeyValuePair.Create(stage.Key, (JsonNode?)stage.Value))),
                ["peakMemory"] = RunMeasurements.PeakMemory(),
            },
        };
        WriteWhole(path, ArtifactJson.Serialize(record));
    }

    private static JsonObject Evaluation(SourceResult source, ImmutableArray<TextPerplexity> texts)
    {
        var perplexity = new JsonArray();
        foreach ((TextPerplexity dense, TextPerplexity compressed) in source.Texts.Zip(texts))
        {
            perplexity.Add(new JsonObject
            {
                ["text"] = compressed.Text,
                ["dense"] = ArtifactJson.Node(dense.Result),
                ["compressed"] = ArtifactJson.Node(compressed.Result),
            });
        }

        return new JsonObject { ["perplexity"] = perplexity };
    }

    private static string? ReadEvaluation(string path)
    {
        try
        {
            return File.Exists(path) && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject { } record && record["evaluation"] is { } evaluation
                ? ArtifactJson.Text(evaluation)
                : null;
        }
        catch (JsonException)
        {
            // Somebody else's file, or a damaged one: it is written anew.
            return null;
        }
    }

    private static void WriteWhole(string path, byte[] content)
    {
        string fresh = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream file = new(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputErrors.CannotWrite(path, exception);
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
