using System.Collections.Immutable;
using Rocket.Compression.Allocation;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>Budgets beside constraints on what several linears add up to.</summary>
internal sealed partial class BudgetSolver
{
    private BudgetChoice SolveWithSums(BudgetManifest budget)
    {
        // Without the constraints on sums the budget must be in reach: else the errors are those of the budget and of single linears.
        if (budget.Kind != BudgetKind.MaxLoss)
        {
            RequireReach(budget, Weights(budget));
        }
        else if (_constraints.Blame(budget, (_, option) => option.Cost, (double)budget.Limit.Value) is { } blame
            && _constraints.Least(_constraints.Remaining, (_, option) => option.Cost) > (double)budget.Limit.Value)
        {
            throw blame;
        }

        return Choose(budget, _constraints) ?? throw WhyNot(budget);
    }

    private Models.Diagnostics.RocketException WhyNot(BudgetManifest budget)
    {
        if (!CanBeMet(constraints))
        {
            (ConstraintManifest conflicting, bool isEnough) = _constraints.Culprit(CanBeMet);
            return PlanErrors.ConstraintsConflict(conflicting, _constraints.Beside(conflicting), isEnough);
        }

        (ConstraintManifest culprit, bool suffices) = _constraints.Culprit(some => Choose(budget, new AllocationConstraints(linears, units, some)) is not null);
        return PlanErrors.NoPlanFound(budget, culprit, suffices);
    }

    /// <summary>Whether any plan meets some of the constraints, whatever its size and loss.</summary>
    private bool CanBeMet(ImmutableArray<ConstraintManifest> some)
    {
        var under = new AllocationConstraints(linears, units, some);
        ImmutableArray<int> written = Written(under.Remaining);
        return LimitedKnapsack.Solve(Groups(written, under.Remaining, (_, option) => option.Parameters), _denseParameters, under.Sums(written, under.Remaining)) is not null;
    }

    private BudgetWeights Weights(BudgetManifest budget) => BudgetWeights.For(budget.Kind, budget.Limit.Value, _denseParameters, bytes);

    private BudgetChoice? Choose(BudgetManifest budget, AllocationConstraints under)
    {
        if (budget.Kind == BudgetKind.MaxLoss)
        {
            return ChooseSmallest((double)budget.Limit.Value, under);
        }

        BudgetWeights weights = Weights(budget);
        (double? alpha, ImmutableArray<ImmutableArray<int>> capped) = Cap(weights, under.Remaining);

        // The paper's cap knows nothing of sums: where it leaves no plan it is lifted.
        return Choose(weights, under, capped, alpha) ?? (alpha is null ? null : Choose(weights, under, under.Remaining, null));
    }

    private BudgetChoice? Choose(BudgetWeights weights, AllocationConstraints under, ImmutableArray<ImmutableArray<int>> remaining, double? alpha)
    {
        ImmutableArray<int> written = Written(remaining);
        ImmutableArray<KnapsackGroup> groups = Groups(written, remaining, weights.Of);
        return groups.Sum(group => group.Options.Min(option => option.Weight)) <= weights.Capacity
            && LimitedKnapsack.Solve(groups, weights.Capacity, under.Sums(written, remaining)) is { } solution
            ? Choice(written, remaining, solution, alpha, null)
            : null;
    }

    private BudgetChoice? ChooseSmallest(double most, AllocationConstraints under)
    {
        ImmutableArray<int> written = Written(under.Remaining);
        ImmutableArray<KnapsackGroup> groups = Groups(written, under.Remaining, (_, option) => option.Parameters);
        ImmutableArray<KnapsackLimit> sums = under.Sums(written, under.Remaining);
        if (groups.Sum(group => group.Options.Min(option => option.Cost)) > most || LimitedKnapsack.SmallestWeight(groups, most, sums) is not { } smallest)
        {
            return null;
        }

        // Of the plans of this size the one that loses least; where its search ended early, the first may be the better one.
        KnapsackSolution cheapest = LimitedKnapsack.Solve(groups, smallest.Weight, sums) ?? smallest with { Bound = 0, IsProven = false };
        bool isBetter = cheapest.Cost <= smallest.Cost && cheapest.Selection.Select((o, g) => groups[g].Options[o].Cost).Sum() <= most;
        return Choice(
            written,
            under.Remaining,
            isBetter ? cheapest : smallest with { Bound = Math.Min(smallest.Cost, cheapest.Bound), IsProven = false },
            null,
            (long)Math.Ceiling(smallest.Bound));
    }

    // What a composed group leaves out as beaten can be what a sum needs, so a fused weight is written as its linears.
    private ImmutableArray<int> Written(ImmutableArray<ImmutableArray<int>> remaining)
        => [.. units.SelectMany(unit => unit.Ways.First(way => way.All(l => !remaining[l].IsEmpty)))];

    private ImmutableArray<KnapsackGroup> Groups(ImmutableArray<int> written, ImmutableArray<ImmutableArray<int>> remaining, Func<int, AllocationOption, long> weight) =>
    [
        .. written.Select(l => new KnapsackGroup([.. remaining[l].Select(o => linears[l].Options[o]).Select(option => new KnapsackOption(weight(l, option), option.Cost))])),
    ];

    private BudgetChoice Choice(
        ImmutableArray<int> written, ImmutableArray<ImmutableArray<int>> remaining, KnapsackSolution solution, double? alpha, long? leastParameters)
    {
        int[] options = new int[linears.Length];
        Array.Fill(options, -1);
        foreach ((int l, int o) in written.Zip(solution.Selection))
        {
            options[l] = remaining[l][o];
        }

        return new BudgetChoice([.. options], solution.Cost, solution.Bound, solution.IsProven, alpha, leastParameters);
    }
}
