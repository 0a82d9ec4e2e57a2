using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>The options that the manifest's constraints leave, and which constraint to blame where nothing is left.</summary>
internal sealed class AllocationConstraints
{
    private readonly ImmutableArray<AllocationLinear> _linears;
    private readonly ImmutableArray<AllocationUnit> _units;
    private readonly ImmutableArray<ConstraintManifest> _constraints;

    /// <summary>Strikes out what the constraints do not allow.</summary>
    /// <exception cref="RocketException">RKT4103: a linear has no option left; RKT4105: a constraint is about no linear.</exception>
    public AllocationConstraints(ImmutableArray<AllocationLinear> linears, ImmutableArray<AllocationUnit> units, ImmutableArray<ConstraintManifest> constraints)
    {
        (_linears, _units, _constraints) = (linears, units, constraints);
        if (constraints.FirstOrDefault(constraint => !linears.Any(linear => Covers(constraint, linear))) is { } idle)
        {
            throw PlanErrors.NothingCovered(idle, linears[0].Spec.Key);
        }

        Remaining = AllowedBy(constraints);
        foreach (AllocationUnit unit in units.Where(unit => !unit.Ways.Any(way => way.All(l => !Remaining[l].IsEmpty))))
        {
            throw NoOptionLeft(linears[unit.Ways[0].First(l => Remaining[l].IsEmpty)]);
        }
    }

    /// <summary>Indices of every linear's options that remain, rising; every unit has a way in which each linear has one.</summary>
    public ImmutableArray<ImmutableArray<int>> Remaining { get; }

    /// <summary>The constraint without which a limit on a sum comes nearest, where the limit is in reach without any.</summary>
    /// <param name="budget">The budget that is out of reach.</param>
    /// <param name="value">What is summed and limited: a weight or a cost.</param>
    /// <param name="limit">The limit.</param>
    /// <returns>Null where no constraint is to blame.</returns>
    public RocketException? Blame(BudgetManifest budget, Func<int, AllocationOption, double> value, double limit)
    {
        if (_constraints.IsEmpty || Least(AllowedBy([]), value) > limit)
        {
            return null;
        }

        // Of several that would do alone the first of the file; else the one that helps most.
        (ConstraintManifest Constraint, double Least)[] without =
            [.. _constraints.Select(constraint => (constraint, Least(AllowedBy(_constraints.Remove(constraint)), value)))];
        ConstraintManifest culprit = without.FirstOrDefault(w => w.Least <= limit).Constraint ?? without.MinBy(w => w.Least).Constraint;
        return PlanErrors.ConstraintsTooTight(budget, culprit, without.Any(w => w.Least <= limit));
    }

    /// <summary>Least sum that options reach.</summary>
    public double Least(ImmutableArray<ImmutableArray<int>> remaining, Func<int, AllocationOption, double> value)
        => _units.Select(unit => unit.Ways.Where(way => way.All(l => !remaining[l].IsEmpty)).Min(way => way.Sum(l => remaining[l].Min(o => value(l, _linears[l].Options[o]))))).Sum();

    private static bool Covers(ConstraintManifest constraint, AllocationLinear linear)
        => CoversTensor(constraint, linear) || linear.Parts.Add(linear.Spec.Key).Any(key => constraint.Covers(key, linear.Block));

    // What is asked of a fused weight is asked of each of its parts too.
    private static bool CoversTensor(ConstraintManifest constraint, AllocationLinear linear) => constraint.Covers(linear.Spec.Whole.Key, linear.Block);

    // What is asked of some parts of a fused weight alone cannot be told of the whole, so they must be written by themselves.
    private static bool Allows(ConstraintManifest constraint, AllocationLinear linear, AllocationOption option)
        => (linear.Parts.IsEmpty || CoversTensor(constraint, linear)) && AllowsOption(constraint, linear, option);

    private static bool AllowsOption(ConstraintManifest constraint, AllocationLinear linear, AllocationOption option) => constraint.Kind switch
    {
        ConstraintKind.KeepDense => option.Factors is null,
        ConstraintKind.MinRemoved => option.Parameters <= linear.Spec.Parameters * (1 - constraint.Limit),
        ConstraintKind.MaxRemoved => option.Parameters >= linear.Spec.Parameters * (1 - constraint.Limit),
        _ => option.Cost <= (double)constraint.Limit,
    };

    private ImmutableArray<ImmutableArray<int>> AllowedBy(ImmutableArray<ConstraintManifest> constraints)
        => [.. _linears.Select(linear => AllowedBy(linear, constraints))];

    private static ImmutableArray<int> AllowedBy(AllocationLinear linear, IEnumerable<ConstraintManifest> constraints)
    {
        ConstraintManifest[] own = [.. constraints.Where(constraint => Covers(constraint, linear))];
        return [.. Enumerable.Range(0, linear.Options.Length).Where(o => own.All(constraint => Allows(constraint, linear, linear.Options[o])))];
    }

    private RocketException NoOptionLeft(AllocationLinear linear)
    {
        ConstraintManifest[] own = [.. _constraints.Where(constraint => Covers(constraint, linear))];
        ConstraintManifest culprit = own.FirstOrDefault(constraint => !AllowedBy(linear, own.Where(other => other != constraint)).IsEmpty) ?? own[^1];
        return PlanErrors.NoOptionLeft(linear.Spec.Key, culprit, own.Where(other => other != culprit));
    }
}
