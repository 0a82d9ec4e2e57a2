using System.Collections.Immutable;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Stages;
using TorchSharp;

namespace Rocket.Pipeline.Artifacts.Layouts;

/// <summary>What a layout is made of: the source's tensors and the factors of a plan. Files of factors that were opened stay open until it is disposed of.</summary>
/// <param name="context">The run.</param>
/// <param name="source">The source model.</param>
/// <param name="candidates">What the plan chose from.</param>
/// <param name="plan">The plan.</param>
/// <param name="factors">Where its factors come from.</param>
internal sealed class PlannedWeights(BuildContext context, SourceModel source, LinearCandidates candidates, CompressionPlan plan, IFactorSource factors) : IDisposable
{
    private readonly List<SafetensorsFile> _open = [];

    /// <summary>The source model.</summary>
    public SourceModel Source { get; } = source;

    /// <summary>The plan's entries in the order of execution.</summary>
    public ImmutableArray<PlanEntry> Entries => plan.Entries;

    /// <summary>The factored entries by the name of the source's tensor.</summary>
    public ILookup<string, PlanEntry> Factored { get; } = plan.Entries
        .Where(entry => entry.Option is not null)
        .ToLookup(entry => candidates.Find(entry.Linear).Linear.Tensor, StringComparer.Ordinal);

    /// <summary>The linear of an entry.</summary>
    public LinearSpec LinearOf(PlanEntry entry) => candidates.Find(entry.Linear).Linear;

    /// <summary>Form, sizes and errors of a factored entry.</summary>
    public FactorizationResult ResultOf(PlanEntry entry)
    {
        (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
        return factors.Result(block, linear, entry.Option!);
    }

    /// <summary>The tensors of a factored entry, valid until this is disposed of.</summary>
    public SafetensorsFile Open(PlanEntry entry)
    {
        SafetensorsFile file = OpenFactors(entry);
        _open.Add(file);
        return file;
    }

    /// <summary>The tensors of a factored entry, the caller's to dispose of.</summary>
    public SafetensorsFile OpenFactors(PlanEntry entry)
    {
        (BlockSpec block, LinearSpec linear) = candidates.Find(entry.Linear);
        return SafetensorsFile.Open(factors.Factors(block, linear, entry.Option!));
    }

    /// <summary>A tensor of the source with the factors of its rows multiplied out.</summary>
    /// <param name="info">The tensor.</param>
    /// <param name="type">The type to write.</param>
    public ArtifactTensor MultipliedOut(TensorInfo info, TensorType type) => new(info with { Type = type }, writer => Write(writer, info, type));

    /// <inheritdoc/>
    public void Dispose() => _open.ForEach(file => file.Dispose());

    private void Write(SafetensorsWriter writer, TensorInfo info, TensorType type)
    {
        context.RequireRuntime();
        using DisposeScope scope = torch.NewDisposeScope();
        TensorView view = Source.Checkpoint.Get(info.Name);
        torch.Tensor weight = view.ToFloat32();
        view.DropResidentPages();
        foreach (PlanEntry entry in Factored[info.Name])
        {
            LinearSpec linear = LinearOf(entry);
            using SafetensorsFile file = OpenFactors(entry);
            torch.Tensor product = WeightLoader.MultiplyOut(new LinearFactors(ResultOf(entry).Linear, suffix => file.Get(linear.Key + suffix).Bytes.ToArray()));
            weight.narrow(0, linear.Fused?.FirstRow ?? 0, linear.DOut).copy_(product);
        }

        torch.Tensor stored = weight.to_type(type.ToScalarType()).contiguous();
        writer.Write(info.Name, stored.Raw());
    }
}
