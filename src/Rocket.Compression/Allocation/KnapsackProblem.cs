using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rocket.Compression.Diagnostics;

namespace Rocket.Compression.Allocation;

/// <summary>Groups made ready for any number of budgets: scaled costs, fronts and hulls are computed once.</summary>
public sealed class KnapsackProblem
{
    private readonly IReadOnlyList<KnapsackGroup> _groups;
    private readonly CostScale _scale;
    private readonly Lazy<(KnapsackClasses Classes, LinearRelaxation Relaxation)> _byWeight;
    private readonly Lazy<(KnapsackClasses Classes, LinearRelaxation Relaxation)> _byCost;

    /// <summary>Checks the groups and scales their costs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or a count below 1.</exception>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4002 cost not finite, RKT4004 no option.</exception>
    public KnapsackProblem(IReadOnlyList<KnapsackGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Validate(groups);
        _groups = groups;
        _scale = CostScale.For(groups);
        _byWeight = new(() => Prepare(costIsLimited: false));
        _byCost = new(() => Prepare(costIsLimited: true));
    }

    /// <summary>The weight of the lightest option of every group: no smaller capacity can be met.</summary>
    public long LeastWeight => _byWeight.Value.Relaxation.LeastWeight;

    /// <summary>The weight at which every group has its cheapest option: more capacity changes nothing.</summary>
    public long MostWeight => _byWeight.Value.Classes.Sum(f => f.Weights[^1]);

    /// <summary>The selection of least cost whose weight is at most <paramref name="capacity"/>.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4001 out of reach, RKT4005 weights too large.</exception>
    public KnapsackSolution Solve(long capacity)
    {
        var (classes, relaxation) = _byWeight.Value;
        if (capacity < relaxation.LeastWeight)
        {
            throw AllocationErrors.CapacityOutOfReach(capacity, relaxation.LeastWeight);
        }

        var answer = CoreSearch.Solve(classes, relaxation, capacity);
        return Solution(classes, answer, answer.Weight, answer.Cost, _scale.ToCost(answer.Bound), costIsLimited: false);
    }

    /// <summary>The selection of least weight whose cost is at most <paramref name="maxCost"/>; its bound and gap are those of the weight.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT4003 out of reach, RKT4005 weights too large.</exception>
    public KnapsackSolution SmallestWeight(double maxCost)
    {
        var (classes, relaxation) = _byCost.Value;
        var limit = double.IsNaN(maxCost) ? long.MinValue : _scale.RoundDown(maxCost);
        if (limit < relaxation.LeastWeight)
        {
            throw AllocationErrors.CostOutOfReach(maxCost, _scale.ToCost(relaxation.LeastWeight));
        }

        var answer = CoreSearch.Solve(classes, relaxation, limit);
        return Solution(classes, answer, answer.Cost, answer.Weight, answer.Bound, costIsLimited: true);
    }

    private static void Validate(IReadOnlyList<KnapsackGroup> groups)
    {
        for (var g = 0; g < groups.Count; g++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(groups[g].Count, 1, nameof(groups));
            if (groups[g].Options.IsDefaultOrEmpty)
            {
                throw AllocationErrors.GroupWithoutOptions(g);
            }

            var options = groups[g].Options.AsSpan();
            for (var o = 0; o < options.Length; o++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(options[o].Weight, nameof(groups));
                if (!double.IsFinite(options[o].Cost))
                {
                    throw AllocationErrors.CostNotFinite(g, o, options[o].Cost);
                }
            }
        }
    }

    /// <summary>A cost that is a limit is rounded up, so that no sum of them passes it unseen; a cost that is minimised to the nearest.</summary>
    private long Units(double cost, bool costIsLimited) => costIsLimited ? _scale.RoundUp(cost) : _scale.Round(cost);

    private (KnapsackClasses Classes, LinearRelaxation Relaxation) Prepare(bool costIsLimited)
    {
        List<long> weights = [];
        List<long> costs = [];
        var classes = KnapsackClasses.Of(_groups, Front);
        return (classes, new LinearRelaxation(classes));

        ParetoFront Front(int g)
        {
            var options = _groups[g].Options.AsSpan();
            CollectionsMarshal.SetCount(weights, options.Length);
            CollectionsMarshal.SetCount(costs, options.Length);
            var w = CollectionsMarshal.AsSpan(weights);
            var c = CollectionsMarshal.AsSpan(costs);
            for (var o = 0; o < options.Length; o++)
            {
                w[o] = options[o].Weight;
                c[o] = Units(options[o].Cost, costIsLimited);
            }

            return costIsLimited ? ParetoFront.Of(c, w) : ParetoFront.Of(w, c);
        }
    }

    private KnapsackSolution Solution(KnapsackClasses classes, KnapsackAnswer answer, long weight, long cost, double bound, bool costIsLimited)
    {
        var isProven = answer.Bound == answer.Cost;
        return new KnapsackSolution
        {
            Selection = Selection(classes, answer, costIsLimited),
            Weight = weight,
            Cost = _scale.ToCost(cost),
            Bound = bound,
            IsProven = isProven,
            Gap = isProven ? 0 : ((double)answer.Cost - answer.Bound) / Math.Abs((double)answer.Bound),
            Quantum = _scale.ToCost(1),
        };
    }

    /// <summary>Hands the parts of a class to its groups in their order; among equal options of a group the first is named.</summary>
    private ImmutableArray<int> Selection(KnapsackClasses classes, KnapsackAnswer answer, bool costIsLimited)
    {
        var next = new int[classes.Fronts.Length];
        var left = new int[answer.Parts.Count];
        for (var p = answer.Parts.Count - 1; p >= 0; p--)
        {
            next[answer.Parts[p].Class] = p;
            left[p] = answer.Parts[p].Copies;
        }

        var selection = ImmutableArray.CreateBuilder<int>(_groups.Sum(g => g.Count));
        for (var g = 0; g < _groups.Count; g++)
        {
            var c = classes.ClassOfGroup[g];
            for (var copies = _groups[g].Count; copies > 0;)
            {
                var part = next[c];
                if (left[part] == 0)
                {
                    next[c]++;
                    continue;
                }

                var taken = Math.Min(copies, left[part]);
                var point = answer.Parts[part].Point;
                var (w, u) = (classes.Fronts[c].Weights[point], classes.Fronts[c].Costs[point]);
                selection.AddRange(Enumerable.Repeat(OptionAt(g, costIsLimited ? u : w, costIsLimited ? w : u, costIsLimited), taken));
                left[part] -= taken;
                copies -= taken;
            }
        }

        return selection.MoveToImmutable();
    }

    private int OptionAt(int g, long weight, long units, bool costIsLimited)
    {
        var options = _groups[g].Options.AsSpan();
        for (var o = 0; o < options.Length; o++)
        {
            if (options[o].Weight == weight && Units(options[o].Cost, costIsLimited) == units)
            {
                return o;
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }
}
