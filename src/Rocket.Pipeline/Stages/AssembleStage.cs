using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Artifacts.CompressedTensors;
using Rocket.Pipeline.Artifacts.Layouts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Puts a model folder together from the source's files and the plan's factors.</summary>
/// <param name="context">The run.</param>
/// <param name="source">The source model.</param>
/// <param name="candidates">What a plan chose from.</param>
/// <param name="factorsOf">Where a plan's factors come from.</param>
/// <param name="header">What rocket.json says of the model beside its plan.</param>
public sealed class AssembleStage(BuildContext context, SourceModel source, LinearCandidates candidates, Func<CompressionPlan, IFactorSource> factorsOf, ProvenanceHeader header)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "assemble";

    private const int Version = 2;

    /// <summary>Key of an artifact: the source, the factors, the plan, and whatever else rocket.json says.</summary>
    /// <param name="budget">Name of the budget.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="export">What is to be exported, or null for the artifact itself.</param>
    public Digest KeyOf(string budget, CompressionPlan plan, ArtifactExport? export)
    {
        ArgumentNullException.ThrowIfNull(plan);
        IFactorSource factors = factorsOf(plan);
        KeyBuilder key = new KeyBuilder(Name, Version)
            .Add("source", source.DigestOfModel())
            .Add("companions", Companions().Select(file => context.Memo.DigestOf(Path.Combine(source.Folder, file))))
            .Add("provenance", Digest.Of(ArtifactJson.Serialize(Provenance.Create(header, budget, plan, null, null))))
            .Add("python", Digest.Of(PythonModel.Create()))
            .Add("export", export?.Key ?? "no");
        foreach (PlanEntry entry in plan.Entries.Where(entry => entry.Option is not null))
        {
            (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
            key.Add(entry.Linear, factors.KeyOf(block, linear, entry.Option!));
        }

        return key.Build();
    }

    /// <summary>The files of an artifact, or of an export of it.</summary>
    public ImmutableArray<OutputFile> Files(string budget, CompressionPlan plan, ArtifactExport? export)
        => context.Obtain(KeyOf(budget, plan, export), new ActionLabel(Name, header.Model), () => Run(budget, plan, export), isShared: false).Result.OutputFiles;

    private List<OutputFile> Run(string budget, CompressionPlan plan, ArtifactExport? export)
    {
        using var weights = new PlannedWeights(context, source, candidates, plan, factorsOf(plan));
        ArtifactLayout layout = export switch
        {
            null => FactoredLayout.Of(weights),
            DenseExport dense => DenseLayout.Of(weights, dense.Type),
            CompressedTensorsExport => CompressedTensorsLayout.Of(weights),
            _ => throw new UnreachableException($"The export '{export.Name}'."),
        };
        var files = new List<OutputFile>(new ShardedWriter(context).Write(layout.Tensors));
        long bytes = files.Where(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)).Sum(file => file.Size);

        Dictionary<string, FactorizationResult> results = plan.Entries
            .Where(entry => entry.Option is not null)
            .ToDictionary(entry => entry.Linear, weights.ResultOf, StringComparer.Ordinal);
        JsonObject provenance = Provenance.Create(header, budget, plan, results, bytes);
        layout.Describe(provenance);
        files.Add(context.Put("config.json", ArtifactConfig.Create(source.ConfigPath, layout.Configure)));
        files.Add(context.Put("rocket.json", ArtifactJson.Serialize(provenance)));
        files.Add(context.Put("README.md", ModelCard.Create(provenance)));
        if (export is null)
        {
            files.Add(context.Put(PythonModel.FileName, PythonModel.Create()));
        }

        files.AddRange(Companions().Select(file => context.Put(file, File.ReadAllBytes(Path.Combine(source.Folder, file)))));
        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private IEnumerable<string> Companions() => SourceModel.CompanionFiles
        .Where(file => File.Exists(Path.Combine(source.Folder, file)))
        .Concat(Tokenizer.FilesIn(source.Folder).Select(path => Path.GetFileName(path)))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);
}
