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

        (ConstraintManifest culprit, bool suffices) = _constraints.Culprit(some => IsInReach(budget, new AllocationConstraints(linears, some)));
        return PlanErrors.ConstraintsTooTight(budget, culprit, suffices);
    }

    /// <summary>Whether any plan meets some of the constraints, whatever its size and loss.</summary>
    private bool CanBeMet(ImmutableArray<ConstraintManifest> some)
    {
        var under = new AllocationConstraints(linears, some);
        return LimitedKnapsack.Solve(Groups(under.Remaining, (_, option) => option.Parameters), _denseParameters, under.Sums(under.Remaining)) is not null;
    }

    private bool IsInReach(BudgetManifest budget, AllocationConstraints under)
    {
        double limit = budget.Kind == BudgetKind.MaxLoss ? (double)budget.Limit.Value : Weights(budget).Capacity;
        double least = under.Least(under.Remaining, (l, option) => budget.Kind == BudgetKind.MaxLoss ? option.Cost : Weights(budget).Of(l, option));
        return least <= limit && Choose(budget, under) is not null;
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
        => LimitedKnapsack.Solve(Groups(remaining, weights.Of), weights.Capacity, under.Sums(remaining)) is { } solution
            ? Choice(solution, remaining, alpha, null)
            : null;

    private BudgetChoice? ChooseSmallest(double most, AllocationConstraints under)
    {
        ImmutableArray<KnapsackGroup> groups = Groups(under.Remaining, (_, option) => option.Parameters);
        ImmutableArray<KnapsackLimit> sums = under.Sums(under.Remaining);
        if (LimitedKnapsack.SmallestWeight(groups, most, sums) is not { } smallest)
        {
            return null;
        }

        // Of the plans of this size the one that loses least; the limit on the loss still holds, since the smallest keeps it.
        KnapsackSolution cheapest = LimitedKnapsack.Solve(groups, smallest.Weight, sums) ?? smallest;
        bool isBetter = cheapest.Cost <= smallest.Cost;
        return Choice(
            isBetter ? cheapest : smallest with { Bound = Math.Min(smallest.Cost, cheapest.Bound), IsProven = false },
            under.Remaining,
            null,
            (long)Math.Ceiling(smallest.Bound));
    }
}
