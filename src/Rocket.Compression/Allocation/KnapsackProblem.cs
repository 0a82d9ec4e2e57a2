using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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
        _groups = groups;
        _scale = CostScale.For(groups, LargestCosts(groups));
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
        return Solution(classes, answer, answer.Weight, answer.Cost, _scale.ToCost(answer.Bound));
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
        return Solution(classes, answer, answer.Cost, answer.Weight, answer.Bound);
    }

    /// <summary>The largest magnitude of every group's costs, all options being valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] LargestCosts(IReadOnlyList<KnapsackGroup> groups)
    {
        var largest = new double[groups.Count];
        for (var g = 0; g < largest.Length; g++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(groups[g].Count, 1, nameof(groups));
            if (groups[g].Options.IsDefaultOrEmpty)
            {
                throw AllocationErrors.GroupWithoutOptions(g);
            }

            // Magnitudes are ordered as their bits are, infinity and then whatever is not a number last.
            var options = groups[g].Options.AsSpan();
            var (magnitude, weights) = (0L, 0L);
            foreach (ref readonly var option in options)
            {
                magnitude = Math.Max(magnitude, BitConverter.DoubleToInt64Bits(option.Cost) & long.MaxValue);
                weights |= option.Weight;
            }

            largest[g] = BitConverter.Int64BitsToDouble(magnitude);
            if (weights < 0 || !double.IsFinite(largest[g]))
            {
                throw Refused(options, g, nameof(groups));
            }
        }

        return largest;
    }

    private static Exception Refused(ReadOnlySpan<KnapsackOption> options, int g, string groups)
    {
        var o = 0;
        while (options[o].Weight >= 0 && double.IsFinite(options[o].Cost))
        {
            o++;
        }

        return options[o].Weight < 0
            ? new ArgumentOutOfRangeException(groups, options[o].Weight, $"Option {o} of group {g} has a negative weight.")
            : AllocationErrors.CostNotFinite(g, o, options[o].Cost);
    }

    private (KnapsackClasses Classes, LinearRelaxation Relaxation) Prepare(bool costIsLimited)
    {
        var builder = new FrontBuilder(_scale, costIsLimited);
        var classes = KnapsackClasses.Of(_groups, g => builder.Build(_groups[g].Options.AsSpan()));
        return (classes, new LinearRelaxation(classes));
    }

    private KnapsackSolution Solution(KnapsackClasses classes, KnapsackAnswer answer, long weight, long cost, double bound)
    {
        var isProven = answer.Bound == answer.Cost;
        return new KnapsackSolution
        {
            Selection = Selection(classes, answer),
            Weight = weight,
            Cost = _scale.ToCost(cost),
            Bound = bound,
            IsProven = isProven,
            Gap = isProven ? 0 : ((double)answer.Cost - answer.Bound) / Math.Abs((double)answer.Bound),
            Quantum = _scale.ToCost(1),
        };
    }

    /// <summary>Hands the parts of a class to its groups in their order; among equal options of a group the first is named.</summary>
    private ImmutableArray<int> Selection(KnapsackClasses classes, KnapsackAnswer answer)
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
                var option = classes.OriginsOfGroup[g][answer.Parts[part].Point];
                for (var i = 0; i < taken; i++)
                {
                    selection.Add(option);
                }

                left[part] -= taken;
                copies -= taken;
            }
        }

        return selection.MoveToImmutable();
    }
}
