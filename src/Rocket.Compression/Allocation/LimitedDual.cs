namespace Rocket.Compression.Allocation;

/// <summary>Prices of the limits, and what every group chooses under them: the base of the search and its bound.</summary>
/// <param name="Prices">What a unit of every limit costs; not negative.</param>
/// <param name="Bound">No selection within the limits costs less.</param>
/// <param name="Base">The choice of every group.</param>
/// <param name="Tolerance">How far rounding can have moved the bound, or any sum like it.</param>
internal sealed record LimitedDual(double[] Prices, double Bound, int[] Base, double Tolerance)
{
    /// <summary>The bound in whole units: no selection within the limits costs less, rounding allowed for.</summary>
    public long WholeBound => (long)Math.Ceiling(Bound - (2 * Tolerance));

    /// <summary>The cheapest choice within the limits that was met on the way; null: none.</summary>
    public int[]? Incumbent { get; private init; }

    /// <summary>The first ellipsoid reaches to prices so many times the mean cost of a unit.</summary>
    private const double Reach = 1e4;

    /// <summary>The ellipsoid shrinks by e^-46 in volume a dimension: 20 decimals from the first prices to the last.</summary>
    private const int Steps = 92;

    /// <summary>Maximises Lagrange's bound with the ellipsoid method (Shor, 1977); null where a bound above all costs proves that no selection keeps the limits.</summary>
    public static LimitedDual? Maximise(LimitedProblem problem)
    {
        var n = problem.Most.Length;
        var least = problem.Costs.Sum(options => (double)options.Min());
        var most = LimitedProblem.Largest(problem.Costs);
        var spans = Enumerable.Range(0, n).Select(k => Math.Max(1, problem.Amounts.Sum(a => (double)a[k].Max() - a[k].Min()))).ToArray();
        var tolerance = 1e-12 * Math.Max(1, problem.Costs.Sum(options => options.Max(c => Math.Abs((double)c))));
        var radius = Reach * Math.Max(1, most - least);
        var (center, shape) = (new double[n], new double[n, n]);
        for (var k = 0; k < n; k++)
        {
            shape[k, k] = radius * radius;
        }

        // Prices far from the best make large terms that cancel: their rounding must not pass for a proof.
        var sizes = Enumerable.Range(0, n).Select(k => Math.Abs((double)problem.Most[k]) + problem.Amounts.Sum(a => a[k].Max(v => Math.Abs((double)v)))).ToArray();
        LimitedDual? best = null;
        (long Cost, int[]? Choice) incumbent = (long.MaxValue, null);
        for (var step = 0; step < Steps * n * (n + 1); step++)
        {
            var prices = center.Select((c, k) => Math.Max(0, c) / spans[k]).ToArray();
            var dual = Evaluate(problem, prices, tolerance + (1e-12 * prices.Select((p, k) => p * sizes[k]).Sum()), out var over);
            best = best is null || dual.Bound - dual.Tolerance > best.Bound - best.Tolerance ? dual : best;
            if (over.All(o => o <= 0) && problem.CostOf(dual.Base) is var cost && cost < incumbent.Cost)
            {
                incumbent = (cost, dual.Base);
            }

            if (best.Bound - best.Tolerance > most + tolerance)
            {
                return null;
            }

            // Below zero the cut is the wall, above it the sums that are over or under their limits.
            var wall = Array.FindIndex(center, c => c < 0);
            var cut = over.Select((o, k) => wall >= 0 ? (k == wall ? 1 : 0) : o / spans[k]).ToArray();
            if (!Shrink(center, shape, cut))
            {
                break;
            }
        }

        var mended = LimitedRepair.Mend(problem, best!);
        return best! with { Incumbent = mended is null || problem.CostOf(mended) >= incumbent.Cost ? incumbent.Choice : mended };
    }

    private static LimitedDual Evaluate(LimitedProblem problem, double[] prices, double tolerance, out double[] over)
    {
        var choice = new int[problem.Costs.Length];
        over = [.. problem.Most.Select(most => -(double)most)];
        var bound = -problem.Most.Select((most, k) => prices[k] * most).Sum();
        for (var g = 0; g < choice.Length; g++)
        {
            var least = double.PositiveInfinity;
            for (var o = 0; o < problem.Costs[g].Length; o++)
            {
                var value = Priced(problem, prices, g, o);
                if (value < least)
                {
                    (least, choice[g]) = (value, o);
                }
            }

            bound += least;
            foreach (var k in problem.Counts[g])
            {
                over[k] += problem.Amounts[g][k][choice[g]];
            }
        }

        return new LimitedDual(prices, bound, choice, tolerance);
    }

    /// <summary>An option's cost with the prices of its amounts.</summary>
    public static double Priced(LimitedProblem problem, double[] prices, int g, int o)
    {
        double value = problem.Costs[g][o];
        foreach (var k in problem.Counts[g])
        {
            value += prices[k] * problem.Amounts[g][k][o];
        }

        return value;
    }

    /// <summary>The smallest ellipsoid around the half that the cut leaves.</summary>
    private static bool Shrink(double[] center, double[,] shape, double[] cut)
    {
        var n = center.Length;
        var along = new double[n];
        var length = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                along[i] += shape[i, j] * cut[j];
            }

            length += along[i] * cut[i];
        }

        if (!(length > 0) || !double.IsNormal(length))
        {
            return false;
        }

        length = Math.Sqrt(length);
        var (size, depth) = n == 1 ? (0.25, 0.0) : ((double)n * n / ((n * n) - 1.0), 2.0 / (n + 1));
        for (var i = 0; i < n; i++)
        {
            center[i] += along[i] / length / (n + 1);
            for (var j = 0; j < n; j++)
            {
                shape[i, j] = size * (shape[i, j] - (depth * (along[i] / length) * (along[j] / length)));
            }
        }

        return true;
    }
}
