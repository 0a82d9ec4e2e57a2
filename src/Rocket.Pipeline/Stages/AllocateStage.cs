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
/// <param name="profiles">The options.</param>
/// <param name="unit">What a cost is.</param>
/// <param name="constraints">What every plan must leave or do to linears, each or together.</param>
public sealed class AllocateStage(
    BuildContext context, string model, SourceModel source, LinearCandidates candidates, ProfileStage profiles, CostUnit unit, ImmutableArray<ConstraintManifest> constraints)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "allocate";

    private const int Version = 3;
    private const string PlanFile = "plan.json";

    private ImmutableArray<LinearProfile> _profiles;
    private BudgetSolver? _solver;

    /// <summary>Key of a plan: the profiles, the budget, the constraints; under a limit on bytes also the source's tensors, which are a part of them.</summary>
    public Digest KeyOf(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        KeyBuilder key = new KeyBuilder(Name, Version)
            .Add("profiles", candidates.All.Select(l => profiles.KeyOf(l.Block, l.Linear)))
            .Add("names", string.Join(' ', candidates.All.Select(l => l.Linear.Key)))
            .Add("unit", unit.ToString())
            .Add(budget.Key, budget.Limit.Value.ToString(CultureInfo.InvariantCulture));
        foreach (ConstraintManifest constraint in constraints)
        {
            key.Add("constraint", constraint.ToString())
                .Add("blocks", constraint.Blocks?.Value.ToString() ?? "")
                .Add("linears", string.Join('\n', constraint.Linears.Select(pattern => pattern.Value)));
        }

        return budget.Kind == BudgetKind.Bytes ? key.Add("tensors", source.DigestOfTensors()).Build() : key.Build();
    }

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
        BudgetChoice choice = Solver().Solve(budget);
        IEnumerable<int> chosen = candidates.Units.SelectMany(unit => unit.Ways.SelectMany(way => way)).Where(l => choice.Options[l] >= 0);
        return new CompressionPlan([.. chosen.Select(l => Entry(l, choice.Options[l]))], budget.Kind == BudgetKind.Remove ? budget.Limit.Value : null, unit, choice.Cost, choice.Bound, choice.IsProven, choice.CostCap)
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

    private BudgetSolver Solver()
    {
        if (_solver is null)
        {
            _profiles = [.. candidates.All.Select(l => profiles.Load(l.Block, l.Linear))];
            _solver = new BudgetSolver([.. candidates.All.Select(Candidate)], candidates.Units, constraints, Bytes(), capsCosts: unit == CostUnit.WeightError);
        }

        return _solver;
    }

    private AllocationLinear Candidate((BlockSpec Block, LinearSpec Linear) candidate, int index)
        => new(candidate.Linear, candidate.Block.Index, [.. _profiles[index].Options.Select(option => Option(candidate.Linear, option))])
        {
            Parts = [.. candidate.Block.FusedWeights.Where(fused => fused.Whole == candidate.Linear).SelectMany(fused => fused.Parts).Select(part => part.Key)],
        };

    private ArtifactBytes Bytes() => new(source.Checkpoint.Tensors, [.. candidates.All.Select(l => l.Linear)]);

    private AllocationOption Option(LinearSpec linear, ProfiledOption option)
        => new((option.Option as DictionaryOption)?.Ratio, option.Parameters, Cost(option), Factors(linear, option.Option));

    private FactoredLinear? Factors(LinearSpec linear, LinearOption? option) => option?.Layout(linear.DIn, linear.DOut, LinearTask.FactorType(source, linear));

    private double Cost(ProfiledOption option) => unit == CostUnit.WeightError ? option.Errors.Weight : option.Errors.Loss!.Value;

    private PlanEntry Entry(int candidate, int index)
    {
        (BlockSpec block, LinearSpec linear) = candidates.All[candidate];
        ProfiledOption option = _profiles[candidate].Options[index];
        return new(linear.Key, block.Index, linear.DIn, linear.DOut, option.Option, option.Parameters, option.Errors) { Tokens = _profiles[candidate].Tokens };
    }
}
