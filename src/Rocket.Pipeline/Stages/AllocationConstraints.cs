using System.Collections.Immutable;
using Rocket.Compression.Allocation;
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

    /// <summary>The constraints that are about sums, as the knapsack takes them: over parameters kept, of the options that remain.</summary>
    /// <param name="written">Indices of the linears that a plan writes, one group each.</param>
    /// <param name="remaining">Indices of every linear's options.</param>
    public ImmutableArray<KnapsackLimit> Sums(ImmutableArray<int> written, ImmutableArray<ImmutableArray<int>> remaining)
        => [.. _constraints.Where(constraint => constraint.IsSum).Select(constraint => Sum(constraint, written, remaining))];

    /// <summary>The first constraint without which something can be met, with whether it alone is enough; where none is, the first that is about a sum.</summary>
    /// <param name="canBeMet">Whether it can be met under some of the constraints.</param>
    public (ConstraintManifest Constraint, bool IsEnough) Culprit(Func<ImmutableArray<ConstraintManifest>, bool> canBeMet)
        => _constraints.FirstOrDefault(constraint => canBeMet(_constraints.Remove(constraint))) is { } culprit
            ? (culprit, true)
            : (_constraints.First(constraint => constraint.IsSum), false);

    /// <summary>The other constraints.</summary>
    public IEnumerable<ConstraintManifest> Beside(ConstraintManifest constraint) => _constraints.Where(other => other != constraint);

    /// <summary>Whether there are constraints about sums.</summary>
    public bool HasSums => _constraints.Any(constraint => constraint.IsSum);

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
        _ when constraint.IsSum => true,
        ConstraintKind.KeepDense => option.Factors is null,
        ConstraintKind.MinRemoved => option.Parameters <= linear.Spec.Parameters * (1 - constraint.Limit),
        ConstraintKind.MaxRemoved => option.Parameters >= linear.Spec.Parameters * (1 - constraint.Limit),
        _ => option.Cost <= (double)constraint.Limit,
    };

    private KnapsackLimit Sum(ConstraintManifest constraint, ImmutableArray<int> written, ImmutableArray<ImmutableArray<int>> remaining)
    {
        // At least some share removed caps what is kept; at most some share removed holds it from below, which is a cap on the negated amounts.
        int sign = constraint.Kind == ConstraintKind.MinRemoved ? 1 : -1;
        decimal kept = written.Where(l => Covers(constraint, _linears[l])).Sum(l => (decimal)_linears[l].Spec.Parameters) * (1 - constraint.Limit);
        return new KnapsackLimit(
            [.. written.Select(l => Covers(constraint, _linears[l]) ? remaining[l].Select(o => sign * _linears[l].Options[o].Parameters).ToImmutableArray() : [])],
            (long)Math.Floor(sign * kept));
    }

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
