using System.Collections.Immutable;
using Rocket.Compression.Allocation;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>Meets any number of budgets with the options of one model; fronts and hulls that budgets share are made once.</summary>
/// <param name="linears">The linears with their options.</param>
/// <param name="units">Which of them are decided together.</param>
/// <param name="constraints">What the manifest asks of linears.</param>
/// <param name="bytes">Foretells bytes.</param>
/// <param name="capsCosts">Whether the paper's cap strikes out expensive options.</param>
internal sealed partial class BudgetSolver(
    ImmutableArray<AllocationLinear> linears, ImmutableArray<AllocationUnit> units, ImmutableArray<ConstraintManifest> constraints, ArtifactBytes bytes, bool capsCosts)
{
    private readonly AllocationConstraints _constraints = new(linears, units, constraints);
    private readonly long _denseParameters = units.Sum(unit => unit.Ways[0].Where(l => linears[l].Block >= 0).Sum(l => linears[l].Spec.Parameters));
    private AllocationProblem? _byParameters;

    /// <summary>The options of least predicted loss that meet a budget; under a limit on the loss, the fewest parameters, and of these the least loss.</summary>
    /// <exception cref="RocketException">RKT4101, RKT4102, RKT4104: out of reach; RKT4106: constraints on sums contradict each other.</exception>
    public BudgetChoice Solve(BudgetManifest budget)
    {
        if (_constraints.HasSums)
        {
            return SolveWithSums(budget);
        }

        if (budget.Kind == BudgetKind.MaxLoss)
        {
            return SolveLoss(budget);
        }

        BudgetWeights weights = BudgetWeights.For(budget.Kind, budget.Limit.Value, _denseParameters, bytes);
        RequireReach(budget, weights);
        (double? alpha, ImmutableArray<ImmutableArray<int>> remaining) = Cap(weights, _constraints.Remaining);
        bool isShared = alpha is null && budget.Kind is BudgetKind.Remove or BudgetKind.Parameters;
        AllocationProblem problem = isShared ? ByParameters() : Problem(remaining, weights.Of);
        return Choice(problem, problem.Knapsack.Solve(weights.Capacity), alpha, null);
    }

    private BudgetChoice SolveLoss(BudgetManifest budget)
    {
        double most = (double)budget.Limit.Value;
        if (_constraints.Blame(budget, (_, option) => option.Cost, most) is { } blame
            && _constraints.Least(_constraints.Remaining, (_, option) => option.Cost) > most)
        {
            throw blame;
        }

        AllocationProblem problem = ByParameters();
        KnapsackSolution smallest = problem.Knapsack.SmallestWeight(most);
        KnapsackSolution cheapest = problem.Knapsack.Solve(smallest.Weight);
        long least = (long)Math.Ceiling(smallest.Bound);

        // Where the search for the cheapest ended early, the first selection may be the better one.
        return cheapest.Weight <= smallest.Weight && cheapest.Cost <= smallest.Cost && Sum(problem.Options(cheapest)) <= most
            ? Choice(problem, cheapest, null, least)
            : Choice(problem, smallest with { Bound = cheapest.Bound, IsProven = cheapest.IsProven && smallest.Cost <= cheapest.Cost }, null, least);
    }

    private void RequireReach(BudgetManifest budget, BudgetWeights weights)
    {
        long least = (long)_constraints.Least(_constraints.Remaining, (l, option) => weights.Of(l, option));
        if (least <= weights.Capacity)
        {
            return;
        }

        throw _constraints.Blame(budget, (l, option) => weights.Of(l, option), weights.Capacity)
            ?? (budget.Kind == BudgetKind.Remove
                ? PlanErrors.BudgetOutOfReach(budget.Limit.Location, budget.Name, (double)budget.Limit.Value, 1 - ((double)least / _denseParameters))
                : budget.Kind == BudgetKind.BitsPerWeight ? PlanErrors.LimitOutOfReach(budget, Math.Ceiling(1000m * least / _denseParameters) / 1000)
                : PlanErrors.LimitOutOfReach(budget, least + (long)budget.Limit.Value - weights.Capacity));
    }

    // The paper's cap needs a target ratio to take its mean at.
    private (double? Alpha, ImmutableArray<ImmutableArray<int>> Remaining) Cap(BudgetWeights weights, ImmutableArray<ImmutableArray<int>> allowed)
    {
        if (!capsCosts || weights.TargetRatio is not { } target)
        {
            return (null, allowed);
        }

        PaperCostCapResult cap = PaperCostCap.Apply(
            [.. allowed.Select((options, l) => options.Select(o => linears[l].Options[o]).Select(option => new PaperOption(option.GridRatio, option.Parameters, option.Cost)).ToImmutableArray())],
            target,
            weights.Capacity);
        return (cap.Alpha, [.. cap.Remaining.Select((kept, l) => kept.Select(i => allowed[l][i]).ToImmutableArray())]);
    }

    private AllocationProblem ByParameters() => _byParameters ??= Problem(_constraints.Remaining, (_, option) => option.Parameters);

    private AllocationProblem Problem(ImmutableArray<ImmutableArray<int>> remaining, Func<int, AllocationOption, long> weight)
        => new(units, remaining, (l, o) => new KnapsackOption(weight(l, linears[l].Options[o]), linears[l].Options[o].Cost));

    private double Sum(ImmutableArray<int> options) => options.Select((o, l) => o < 0 ? 0 : linears[l].Options[o].Cost).Sum();

    private static BudgetChoice Choice(AllocationProblem problem, KnapsackSolution solution, double? alpha, long? leastParameters)
        => new(problem.Options(solution), solution.Cost, solution.Bound, solution.IsProven, alpha, leastParameters);
}
