namespace Rocket.Compression.Allocation;

/// <summary>Searches the core around a Lagrangian point with ever wider lists, until the answer is proven or the work is done.</summary>
internal static class CoreSearch
{
    private const int NodeLimit = 8_000_000;

    /// <summary>States that may be made for one answer, about a second of them.</summary>
    private const long WorkLimit = 100_000_000;

    /// <summary>The first sweep looks at a narrow window: it finds a good incumbent among few options, which makes the core of the next ones small.</summary>
    private static readonly (int Width, int Narrowing)[] Sweeps = [(64, 6), (1024, 0), (16_384, 0), (262_144, 0)];

    /// <summary>Solves for one capacity that is at least the least weight.</summary>
    public static KnapsackAnswer Solve(KnapsackClasses classes, LinearRelaxation relaxation, long capacity)
    {
        if (relaxation.CriticalEdge(capacity) is not { } edge)
        {
            return AllCheapest(classes);
        }

        var start = new LagrangianPoint(classes, capacity, edge);
        var bound = CeilingOfRatio(start.ScaledBound, start.Scale);
        var best = 0L;
        List<(int Item, int Point)> deviations = [];
        var work = WorkLimit;
        foreach (var (width, narrowing) in Sweeps)
        {
            if (bound >= start.Cost + best || work <= 0)
            {
                break;
            }

            var pass = new CorePass(classes, start, best, width, narrowing);
            pass.Run(work, NodeLimit);
            work -= pass.Work;
            best = pass.BestCost;
            deviations = pass.BestDeviations() ?? deviations;
            bound = double.IsPositiveInfinity(pass.LeastCut)
                ? start.Cost + best
                : Math.Max(bound, Math.Min(start.Cost + best, CeilingOfRatio(start.ScaledBound + pass.LeastCutExcess, start.Scale)));
            if (narrowing > 0 && bound < start.Cost + best && ResiduePass.Run(classes, start, best) is { } residues)
            {
                best = residues.BestCost;
                deviations = residues.BestDeviations ?? deviations;
                bound = residues.Bound == long.MinValue ? bound : Math.Max(bound, start.Cost + residues.Bound);
            }
        }

        return Answer(start, deviations, start.Cost + best, bound, classes);
    }

    private static KnapsackAnswer AllCheapest(KnapsackClasses classes)
    {
        var cost = classes.Sum(f => f.Costs[^1]);
        var parts = classes.Fronts.Select((f, i) => new KnapsackAnswer.Part(i, f.Costs.Length - 1, classes.Counts[i]));
        return new KnapsackAnswer([.. parts], classes.Sum(f => f.Weights[^1]), cost, cost);
    }

    private static KnapsackAnswer Answer(LagrangianPoint start, List<(int Item, int Point)> deviations, long cost, long bound, KnapsackClasses classes)
    {
        var copies = start.Items.Select(i => i.Copies).ToArray();
        var parts = new List<KnapsackAnswer.Part>();
        var weight = start.Weight;
        foreach (var (item, point) in deviations)
        {
            var (owner, from, _) = start.Items[item];
            copies[item]--;
            parts.Add(new KnapsackAnswer.Part(owner, point, 1));
            weight += classes.Fronts[owner].Weights[point] - classes.Fronts[owner].Weights[from];
        }

        for (var i = 0; i < copies.Length; i++)
        {
            parts.Add(new KnapsackAnswer.Part(start.Items[i].Class, start.Items[i].Point, copies[i]));
        }

        parts.Sort(static (a, b) => a.Class != b.Class ? a.Class.CompareTo(b.Class) : a.Point.CompareTo(b.Point));
        return new KnapsackAnswer(parts, weight, cost, Math.Min(bound, cost));
    }

    private static long CeilingOfRatio(Int128 numerator, long denominator)
    {
        var (quotient, remainder) = Int128.DivRem(numerator, denominator);
        return (long)(remainder > 0 ? quotient + 1 : quotient);
    }
}
