using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Compression.Factorization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts;

/// <summary>rocket.json: where an artifact comes from and what its plan is. The same inputs give the same bytes.</summary>
public static class Provenance
{
    /// <summary>Version of the file's form.</summary>
    public const int SchemaVersion = 1;

    // Another number means other bytes from the same inputs.
    private const string PaperMethod = "paper/2";
    private const string RocketMethod = "rocket/3";

    /// <summary>Name of the file.</summary>
    public const string FileName = "rocket.json";

    /// <summary>The version of Rocket, as its package has it.</summary>
    public static string ToolVersion { get; } = typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The file's content.</summary>
    /// <param name="header">What all artifacts of the model share.</param>
    /// <param name="budget">Name of the budget.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="results">What became of the factored linears; null before they are made.</param>
    /// <param name="bytes">Bytes of all safetensors files; null before they are made.</param>
    public static JsonObject Create(
        ProvenanceHeader header, string budget, CompressionPlan plan, IReadOnlyDictionary<string, FactorizationResult>? results, long? bytes)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(plan);
        var linears = new JsonArray();
        foreach (PlanEntry entry in plan.Entries)
        {
            linears.Add(Linear(entry, results?.GetValueOrDefault(entry.Linear)));
        }

        bool isPaper = plan.Unit == CostUnit.WeightError;
        var calibration = new JsonObject
        {
            ["corpus"] = header.Corpus.ToString(),
            ["samples"] = header.Samples,
            ["sequenceLength"] = header.SequenceLength,
            ["seed"] = header.Seed,
        };
        var totals = new JsonObject
        {
            ["cost"] = plan.Cost,
            ["bound"] = plan.Bound,
            ["proven"] = plan.IsProven,
            ["costCap"] = plan.CostCap,
            ["denseParameters"] = plan.DenseParameters,
            ["keptParameters"] = plan.KeptParameters,
            ["removedShare"] = plan.RemovedShare,
        };

        if (header.Groups > 1)
        {
            calibration["groups"] = header.Groups;
        }

        if (header.Device is { } device)
        {
            calibration["device"] = device;
        }

        // Members that the paper's method has no use for are not in its artifacts.
        if (!isPaper)
        {
            calibration["backwardSamples"] = header.BackwardSamples;
            if (header.IsSequential)
            {
                totals["correction"] = "sequential";
            }

            if (header.Steps != FactorizationSteps.All)
            {
                totals["steps"] = new JsonObject { ["weighsRows"] = header.Steps.WeighsRows, ["weighsLinears"] = header.Steps.WeighsLinears, ["refines"] = header.Steps.Refines };
            }

            totals["costUnit"] = plan.Unit.ToString();
            totals["realisedCost"] = results is null ? null : plan.Entries.Sum(entry => results.GetValueOrDefault(entry.Linear)?.Errors.Loss ?? 0);
        }

        totals["linears"] = linears;
        return new JsonObject
        {
            ["schemaVersion"] = SchemaVersion,
            ["tool"] = ToolVersion,
            ["method"] = isPaper ? PaperMethod : RocketMethod,
            ["model"] = header.Model,
            ["modelType"] = header.ModelType,
            ["source"] = new JsonObject { ["digest"] = header.Source.ToString(), ["bytes"] = header.SourceBytes },
            ["calibration"] = calibration,
            ["budget"] = new JsonObject { ["name"] = budget, [plan.Limit?.Key ?? "remove"] = plan.Limit?.Value ?? plan.Remove },
            ["plan"] = totals,
            ["bytes"] = bytes,
        };
    }

    /// <summary>Reads the file of an artifact.</summary>
    /// <exception cref="RocketException">RKT6004: there is none; RKT6005: it is damaged.</exception>
    public static JsonObject Read(string artifact)
    {
        string path = Path.Combine(artifact, FileName);
        if (!File.Exists(path))
        {
            throw OutputErrors.NotAnArtifact(artifact);
        }

        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("It is no object.");
        }
        catch (JsonException exception)
        {
            throw OutputErrors.DamagedProvenance(path, exception);
        }
    }

    private static JsonObject Linear(PlanEntry entry, FactorizationResult? result)
    {
        var node = new JsonObject
        {
            ["name"] = entry.Linear,
            ["block"] = entry.Block,
            ["d_in"] = entry.DIn,
            ["d_out"] = entry.DOut,
            ["form"] = entry.Option?.Form ?? "dense",
            ["parameters"] = entry.Parameters,
        };
        if (entry.Tokens is { } tokens)
        {
            node["tokens"] = tokens;
        }

        if (entry.Option is DictionaryOption dictionary)
        {
            node["k"] = dictionary.K;
            node["s"] = dictionary.S;
        }
        else if (entry.Option is SparseOption sparse)
        {
            node["share"] = sparse.Share;
        }

        if (entry.Option?.Quantization is { } quantization)
        {
            node["bits"] = quantization.Bits;
            node["groupSize"] = quantization.GroupSize;
        }

        if (entry.Option is not null)
        {
            node["predicted"] = Errors(entry.Predicted);
        }

        if (result is not null)
        {
            node["nnz"] = result.Linear.NonZeros;
            node["bytes"] = result.Linear.ByteLength;
            node["realised"] = Errors(result.Errors);
        }

        return node;
    }

    private static JsonObject Errors(FactorizationErrors errors)
    {
        var node = new JsonObject { ["whitenedError"] = errors.Whitened, ["weightError"] = errors.Weight };
        if (errors.Loss is { } loss)
        {
            node["loss"] = loss;
        }

        return node;
    }
}
