using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rocket.Compression.Allocation;
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
public sealed class AllocateStage(BuildContext context, string model, SourceModel source, ProfileStage profiles)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "allocate";

    private const int Version = 1;
    private const string PlanFile = "plan.json";

    private ImmutableArray<LinearProfile> _profiles;

    /// <summary>Key of a plan: the profiles and the budget.</summary>
    public Digest KeyOf(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return new KeyBuilder(Name, Version)
            .Add("profiles", source.Linears.Select(l => profiles.KeyOf(l.Block, l.Linear)))
            .Add("names", string.Join(' ', source.Linears.Select(l => l.Linear.Key)))
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

        PaperCostCapResult cap = PaperCostCap.Apply(
            [.. _profiles.Select(profile => profile.Options.Select(option => new PaperOption(option.Dictionary?.Ratio, option.Parameters, Cost(option))).ToImmutableArray())],
            (double)remove,
            capacity);
        KnapsackGroup[] groups =
        [
            .. _profiles.Select((profile, l) => new KnapsackGroup([.. cap.Remaining[l].Select(i => new KnapsackOption(profile.Options[i].Parameters, Cost(profile.Options[i])))])),
        ];
        KnapsackSolution solution = Knapsack.Solve(groups, capacity);
        ImmutableArray<PlanEntry> entries =
        [
            .. linears.Select((l, i) => Entry(l.Block, l.Linear, _profiles[i].Options[cap.Remaining[i][solution.Selection[i]]]) with { Tokens = _profiles[i].Tokens }),
        ];
        return new CompressionPlan(entries, remove, solution.Cost, solution.Bound, solution.IsProven, cap.Alpha);
    }

    // The paper's cost. Another method hands in another function.
    private static double Cost(ProfiledOption option) => option.Errors.Weight;

    private static PlanEntry Entry(BlockSpec block, LinearSpec linear, ProfiledOption option)
        => new(linear.Key, block.Index, linear.DIn, linear.DOut, option.Dictionary, option.Parameters, option.Errors);
}
