using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rocket.Compression.Allocation;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Shares a budget among the linears: one option each, by the multiple-choice knapsack.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="profiles">The options.</param>
/// <param name="unit">What a cost is.</param>
public sealed class AllocateStage(BuildContext context, string model, SourceModel source, ProfileStage profiles, CostUnit unit)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "allocate";

    private const int Version = 2;
    private const string PlanFile = "plan.json";

    private ImmutableArray<LinearProfile> _profiles;

    /// <summary>Key of a plan: the profiles and the budget.</summary>
    public Digest KeyOf(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return new KeyBuilder(Name, Version)
            .Add("profiles", source.Linears.Select(l => profiles.KeyOf(l.Block, l.Linear)))
            .Add("names", string.Join(' ', source.Linears.Select(l => l.Linear.Key)))
            .Add("unit", unit.ToString())
            .Add("remove", budget.Remove.Value.ToString(CultureInfo.InvariantCulture))
            .Build();
    }

    /// <summary>The plan for a budget.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT1xxx: the budget is out of reach, at its place in the manifest.</exception>
    public CompressionPlan Load(BudgetManifest budget)
    {
        string path = context.ObtainFile(KeyOf(budget), new ActionLabel(Name, model), PlanFile, () => [context.Put(PlanFile, JsonSerializer.SerializeToUtf8Bytes(Solve(budget)))]);
        return JsonSerializer.Deserialize<CompressionPlan>(File.ReadAllBytes(path))
            ?? throw new InvalidDataException("The plan is empty.");
    }

    private CompressionPlan Solve(BudgetManifest budget)
    {
        (BlockSpec Block, LinearSpec Linear)[] linears = [.. source.Linears];
        if (_profiles.IsDefault)
        {
            _profiles = [.. linears.Select(l => profiles.Load(l.Block, l.Linear))];
        }

        decimal remove = budget.Remove.Value;
        long dense = _profiles.Sum(profile => profile.DenseParameters);
        long capacity = CompressionPlan.Capacity(dense, remove);
        long least = _profiles.Sum(profile => profile.Options.Min(option => option.Parameters));
        if (least > capacity)
        {
            throw PlanErrors.BudgetOutOfReach(budget.Remove.Location, budget.Name, (double)remove, 1 - ((double)least / dense));
        }

        (ImmutableArray<ImmutableArray<int>> remaining, double? alpha) = Candidates(remove, capacity);
        KnapsackGroup[] groups =
        [
            .. _profiles.Select((profile, l) => new KnapsackGroup([.. remaining[l].Select(i => new KnapsackOption(profile.Options[i].Parameters, Cost(profile.Options[i])))])),
        ];
        KnapsackSolution solution = Knapsack.Solve(groups, capacity);
        ImmutableArray<PlanEntry> entries =
        [
            .. linears.Select((l, i) => Entry(l.Block, l.Linear, _profiles[i].Options[remaining[i][solution.Selection[i]]])),
        ];
        return new CompressionPlan(entries, remove, unit, solution.Cost, solution.Bound, solution.IsProven, alpha);
    }

    // The options that may be chosen. Relative errors of different linears do not compare: the paper caps them. Predicted losses add up, and need no cap.
    private (ImmutableArray<ImmutableArray<int>> Remaining, double? Alpha) Candidates(decimal remove, long capacity)
    {
        if (unit != CostUnit.WeightError)
        {
            return ([.. _profiles.Select(profile => Enumerable.Range(0, profile.Options.Length).ToImmutableArray())], null);
        }

        PaperCostCapResult cap = PaperCostCap.Apply(
            [.. _profiles.Select(profile => profile.Options.Select(option => new PaperOption((option.Option as DictionaryOption)?.Ratio, option.Parameters, Cost(option))).ToImmutableArray())],
            (double)remove,
            capacity);
        return (cap.Remaining, cap.Alpha);
    }

    private double Cost(ProfiledOption option) => unit == CostUnit.WeightError ? option.Errors.Weight : option.Errors.Loss!.Value;

    private static PlanEntry Entry(BlockSpec block, LinearSpec linear, ProfiledOption option)
        => new(linear.Key, block.Index, linear.DIn, linear.DOut, option.Option, option.Parameters, option.Errors);
}
