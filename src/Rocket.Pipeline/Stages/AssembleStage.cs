using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;
using TorchSharp;

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
    /// <param name="dense">The type of a dense export, or null for the artifact itself.</param>
    public Digest KeyOf(string budget, CompressionPlan plan, DenseExport? dense)
    {
        ArgumentNullException.ThrowIfNull(plan);
        IFactorSource factors = factorsOf(plan);
        KeyBuilder key = new KeyBuilder(Name, Version)
            .Add("source", source.DigestOfModel())
            .Add("companions", Companions().Select(file => context.Memo.DigestOf(Path.Combine(source.Folder, file))))
            .Add("provenance", Digest.Of(ArtifactJson.Serialize(Provenance.Create(header, budget, plan, null, null))))
            .Add("python", Digest.Of(PythonModel.Create()))
            .Add("dense", dense is null ? "no" : dense.Type?.ToString() ?? "source");
        foreach (PlanEntry entry in plan.Entries.Where(entry => entry.Option is not null))
        {
            (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
            key.Add(entry.Linear, factors.KeyOf(block, linear, entry.Option!));
        }

        return key.Build();
    }

    /// <summary>The files of an artifact, or of its dense export.</summary>
    public ImmutableArray<OutputFile> Files(string budget, CompressionPlan plan, DenseExport? dense)
        => context.Obtain(KeyOf(budget, plan, dense), new ActionLabel(Name, header.Model), () => Run(budget, plan, dense)).Result.OutputFiles;

    private List<OutputFile> Run(string budget, CompressionPlan plan, DenseExport? dense)
    {
        IFactorSource factors = factorsOf(plan);
        var open = new List<SafetensorsFile>();
        try
        {
            Dictionary<string, FactorizationResult> results = plan.Entries
                .Where(entry => entry.Option is not null)
                .ToDictionary(entry => entry.Linear, entry => ResultOf(factors, entry), StringComparer.Ordinal);
            IEnumerable<ArtifactTensor> tensors = dense is null ? FactoredTensors(plan, factors, open) : DenseTensors(plan, factors, open, dense);
            var files = new List<OutputFile>(new ShardedWriter(context).Write(tensors));
            long bytes = files.Where(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)).Sum(file => file.Size);

            RocketSection? section = dense is null ? new RocketSection(results.Select(r => KeyValuePair.Create(r.Key, r.Value.Linear))) : null;
            JsonObject provenance = Provenance.Create(header, budget, plan, results, bytes);
            if (dense is not null)
            {
                provenance["denseExport"] = true;
            }

            files.Add(context.Put("config.json", ArtifactConfig.Create(source.ConfigPath, section, dense)));
            files.Add(context.Put("rocket.json", ArtifactJson.Serialize(provenance)));
            files.Add(context.Put("README.md", ModelCard.Create(provenance)));
            if (dense is null)
            {
                files.Add(context.Put(PythonModel.FileName, PythonModel.Create()));
            }

            files.AddRange(Companions().Select(file => context.Put(file, File.ReadAllBytes(Path.Combine(source.Folder, file)))));
            return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        }
        finally
        {
            open.ForEach(file => file.Dispose());
        }
    }

    private IEnumerable<string> Companions() => SourceModel.CompanionFiles
        .Where(file => File.Exists(Path.Combine(source.Folder, file)))
        .Concat(Tokenizer.FilesIn(source.Folder).Select(path => Path.GetFileName(path)))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private FactorizationResult ResultOf(IFactorSource factors, PlanEntry entry)
    {
        (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
        return factors.Result(block, linear, entry.Option!);
    }

    // What is not factored stays as it was. A tensor of fused linears is taken apart as soon as one of them is factored by itself.
    private IEnumerable<ArtifactTensor> FactoredTensors(CompressionPlan plan, IFactorSource made, List<SafetensorsFile> open)
    {
        HashSet<string> touched = TouchedTensors(plan);
        foreach (TensorInfo info in source.Checkpoint.Tensors.Where(tensor => !touched.Contains(tensor.Name)))
        {
            yield return ArtifactTensor.Copy(source.Checkpoint.Get(info.Name), info.Name);
        }

        foreach (PlanEntry entry in plan.Entries)
        {
            (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
            if (entry.Option is not null)
            {
                SafetensorsFile factors = SafetensorsFile.Open(made.Factors(block, linear, entry.Option));
                open.Add(factors);
                foreach (TensorInfo info in factors.Tensors)
                {
                    yield return ArtifactTensor.Copy(factors.Get(info.Name), info.Name);
                }
            }
            else if (touched.Contains(linear.Tensor))
            {
                yield return ArtifactTensor.Copy(source.Checkpoint.Get(linear.Tensor), linear.Key + ".weight", linear.Fused!.FirstRow, linear.DOut);
            }
        }
    }

    private HashSet<string> TouchedTensors(CompressionPlan plan)
        => [.. plan.Entries.Where(entry => entry.Option is not null).Select(entry => candidates.Find(entry.Linear).Linear.Tensor)];

    // The source's own layout: every tensor under its own name, factored ones multiplied out.
    private IEnumerable<ArtifactTensor> DenseTensors(CompressionPlan plan, IFactorSource factors, List<SafetensorsFile> open, DenseExport dense)
    {
        ILookup<string, PlanEntry> byTensor = plan.Entries.Where(entry => entry.Option is not null).ToLookup(entry => candidates.Find(entry.Linear).Linear.Tensor, StringComparer.Ordinal);
        foreach (TensorInfo info in source.Checkpoint.Tensors)
        {
            TensorType type = dense.Type is { } asked && info.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16 ? asked : info.Type;
            if (!byTensor.Contains(info.Name) && type == info.Type)
            {
                yield return ArtifactTensor.Copy(source.Checkpoint.Get(info.Name), info.Name);
                continue;
            }

            PlanEntry[] parts = [.. byTensor[info.Name]];
            yield return new ArtifactTensor(info with { Type = type }, writer => WriteDense(writer, factors, info, type, parts));
        }
    }

    private void WriteDense(SafetensorsWriter writer, IFactorSource factors, TensorInfo info, TensorType type, PlanEntry[] parts)
    {
        context.RequireRuntime();
        using DisposeScope scope = torch.NewDisposeScope();
        TensorView view = source.Checkpoint.Get(info.Name);
        torch.Tensor weight = view.ToFloat32();
        view.DropResidentPages();
        foreach (PlanEntry entry in parts)
        {
            (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
            using SafetensorsFile file = SafetensorsFile.Open(factors.Factors(block, linear, entry.Option!));
            torch.Tensor product = WeightLoader.MultiplyOut(ReadFactors(file, linear.Key, ResultOf(factors, entry).Linear));
            weight.narrow(0, linear.Fused?.FirstRow ?? 0, linear.DOut).copy_(product);
        }

        torch.Tensor stored = weight.to_type(type.ToScalarType()).contiguous();
        writer.Write(info.Name, stored.Raw());
    }

    private static LinearFactors ReadFactors(SafetensorsFile file, string name, FactoredLinear linear)
        => new(linear, suffix => file.Get(name + suffix).Bytes.ToArray());
}
