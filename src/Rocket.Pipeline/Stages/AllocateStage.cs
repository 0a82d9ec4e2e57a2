using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Models.Factors;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Shares a budget among the linears: one option each, by the multiple-choice knapsack.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="candidates">What a plan chooses from.</param>
/// <param name="profiles">The options in the source's type.</param>
/// <param name="quantized">The options in integer codes, which budgets of bytes choose from too; null: there are none.</param>
/// <param name="hasFloats">Whether budgets of bytes choose from the options in the source's type; any linear may always stay as it is.</param>
/// <param name="unit">What a cost is.</param>
/// <param name="constraints">What every plan must leave or do to linears, each or together.</param>
public sealed class AllocateStage(
    BuildContext context, string model, SourceModel source, LinearCandidates candidates, ProfileStage profiles, ProfileStage? quantized, bool hasFloats, CostUnit unit, ImmutableArray<ConstraintManifest> constraints)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "allocate";

    private const int Version = 3;
    private const string PlanFile = "plan.json";

    private readonly Dictionary<bool, Choices> _choices = [];

    /// <summary>Key of a plan: the profiles, the budget, the constraints; under a limit on bytes also the source's tensors, which are a part of them.</summary>
    public Digest KeyOf(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ImmutableArray<ProfileStage> needed = ProfilesFor(budget.Kind);
        KeyBuilder key = new KeyBuilder(Name, Version)
            .Add("profiles", needed.SelectMany(stage => candidates.All.Select(l => stage.KeyOf(l.Block, l.Linear))))
            .Add("names", string.Join(' ', candidates.All.Select(l => l.Linear.Key)))
            .Add("unit", unit.ToString())
            .Add(budget.Key, budget.Limit.Value.ToString(CultureInfo.InvariantCulture));
        foreach (ConstraintManifest constraint in constraints)
        {
            key.Add("constraint", constraint.ToString())
                .Add("blocks", constraint.Blocks?.Value.ToString() ?? "")
                .Add("linears", string.Join('\n', constraint.Linears.Select(pattern => pattern.Value)));
        }

        return budget.Kind.CountsBytes() ? key.Add("tensors", source.DigestOfTensors()).Build() : key.Build();
    }

    /// <summary>The profiles that a kind of budget chooses from.</summary>
    public ImmutableArray<ProfileStage> ProfilesFor(BudgetKind kind) => quantized is null || !kind.CountsBytes() ? [profiles] : hasFloats ? [profiles, quantized] : [quantized];

    /// <summary>The plan for a budget.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT41xx: the budget is out of reach, at its place or that of the constraint to relax.</exception>
    public CompressionPlan Load(BudgetManifest budget)
    {
        string path = context.ObtainFile(KeyOf(budget), new ActionLabel(Name, model), PlanFile, () => [context.Put(PlanFile, JsonSerializer.SerializeToUtf8Bytes(Solve(budget)))]);
        return JsonSerializer.Deserialize<CompressionPlan>(File.ReadAllBytes(path))
            ?? throw new InvalidDataException("The plan is empty.");
    }

    /// <summary>A plan that is not kept: for questions such as what another budget would give.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">As <see cref="Load"/>.</exception>
    public CompressionPlan Solve(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        Choices choices = ChoicesFor(budget.Kind);
        BudgetChoice choice = choices.Solver.Solve(budget);
        IEnumerable<int> chosen = candidates.Units.SelectMany(unit => unit.Ways.SelectMany(way => way)).Where(l => choice.Options[l] >= 0);
        return new CompressionPlan([.. chosen.Select(l => Entry(choices, l, choice.Options[l]))], budget.Kind == BudgetKind.Remove ? budget.Limit.Value : null, unit, choice.Cost, choice.Bound, choice.IsProven, choice.CostCap)
        {
            Limit = budget.Kind == BudgetKind.Remove ? null : new PlanLimit(budget.Key, budget.Limit.Value),
            LeastParameters = choice.LeastParameters,
        };
    }

    /// <summary>Foretells the bytes of a plan's safetensors files.</summary>
    public long BytesOf(CompressionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Bytes().Of([.. plan.Entries.Select(Stored)]);

        (LinearSpec Linear, FactoredLinear? Factors) Stored(PlanEntry entry)
        {
            LinearSpec linear = candidates.Find(entry.Linear).Linear;
            return (linear, Factors(linear, entry.Option));
        }
    }

    private Choices ChoicesFor(BudgetKind kind)
    {
        if (!_choices.TryGetValue(kind.CountsBytes(), out Choices? choices))
        {
            ImmutableArray<ProfileStage> stages = ProfilesFor(kind);
            ImmutableArray<LinearProfile> all = [.. candidates.All.Select(l => Merge([.. stages.Select(stage => stage.Load(l.Block, l.Linear))]))];
            choices = new(all, new BudgetSolver([.. candidates.All.Select((l, i) => Candidate(l, all[i]))], candidates.Units, constraints, Bytes(), capsCosts: unit == CostUnit.WeightError));
            _choices.Add(kind.CountsBytes(), choices);
        }

        return choices;
    }

    // Every profile begins with the weight as it is.
    private static LinearProfile Merge(ImmutableArray<LinearProfile> profiles)
        => profiles[0] with { Options = [.. profiles[0].Options, .. profiles.Skip(1).SelectMany(profile => profile.Options.Skip(1))] };

    private AllocationLinear Candidate((BlockSpec Block, LinearSpec Linear) candidate, LinearProfile profile)
        => new(candidate.Linear, IndexOfBlock(candidate), [.. profile.Options.Select(option => Option(candidate.Linear, option))])
        {
            Parts = [.. candidate.Block.FusedWeights.Where(fused => fused.Whole == candidate.Linear).SelectMany(fused => fused.Parts).Select(part => part.Key)],
        };

    private static int IndexOfBlock((BlockSpec Block, LinearSpec Linear) candidate) => candidate.Linear.IsOfVocabulary ? PlanEntry.NoBlock : candidate.Block.Index;

    private ArtifactBytes Bytes() => new(source.Checkpoint.Tensors, [.. candidates.All.Select(l => l.Linear)]);

    private AllocationOption Option(LinearSpec linear, ProfiledOption option)
        => new((option.Option as DictionaryOption)?.Ratio, linear.IsOfVocabulary ? 0 : option.Parameters, Cost(option), Factors(linear, option.Option));

    private FactoredLinear? Factors(LinearSpec linear, LinearOption? option) => option?.Layout(linear.DIn, linear.DOut, LinearTask.FactorType(source, linear));

    private double Cost(ProfiledOption option) => unit == CostUnit.WeightError ? option.Errors.Weight : option.Errors.Loss!.Value;

    private PlanEntry Entry(Choices choices, int candidate, int index)
    {
        (BlockSpec block, LinearSpec linear) = candidates.All[candidate];
        ProfiledOption option = choices.Profiles[candidate].Options[index];
        return new(linear.Key, IndexOfBlock((block, linear)), linear.DIn, linear.DOut, option.Option, option.Parameters, option.Errors) { Tokens = choices.Profiles[candidate].Tokens };
    }

    private sealed record Choices(ImmutableArray<LinearProfile> Profiles, BudgetSolver Solver);
}
