using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>Tells what the dictionaries of a grid lose: some are evaluated, and where these lie on a smooth surface the others are read from it.</summary>
/// <remarks>
/// Of the energy in dropped coefficients the closed-form dictionary brings back a share of k / d_out, as if they lay in general position to the k rows of stored ones:
/// tail + dropped (1 - k / d_out) is nearly what is lost. The factor that remains before the second part changes slowly with k and s, and a cubic polynomial tells its
/// logarithm. That is not taken on trust: three of the options that are evaluated are no part of the first fit, and where it misses one of them all are evaluated.
/// </remarks>
internal sealed class DictionarySurvey
{
    // Chebyshev's points along the ratios, and as many along rho.
    private const int Side = 4;
    private const int Degree = 3;

    // Options whose every coefficient is stored are a curve.
    private const int RankNodes = 3;
    private const int RankChecks = 2;

    // With fewer options than this all are evaluated.
    private const int Fewest = 40;

    // Relative, of squared errors: of those that may be a plan's cost, and of those that are only shown.
    private const double Tolerance = 0.02;
    private const double ToleranceOfShown = 0.1;

    private static readonly (double Ratio, double Rho)[] Checks = [(1 / 12.0, 1 / 3.0), (1 / 2.0, 7 / 8.0), (7 / 8.0, 1 / 8.0)];

    /// <summary>How many are evaluated where the surface holds.</summary>
    public static int Evaluated => RankNodes + RankChecks + (Side * Side) + Checks.Length;

    private readonly Func<int, int, FactorizationErrors> _evaluate;
    private readonly DictionaryOutlines _outlines;
    private readonly Dictionary<(int K, int S), FactorizationErrors> _evaluated = [];
    private readonly Dictionary<(int K, int S), FactorizationErrors> _read = [];

    private DictionarySurvey(Func<int, int, FactorizationErrors> evaluate, DictionaryOutlines outlines) => (_evaluate, _outlines) = (evaluate, outlines);

    /// <summary>The errors of options in one type of values, and whether they are read from a surface.</summary>
    /// <param name="options">The options.</param>
    /// <param name="evaluate">Evaluates k atoms with s coefficients a column.</param>
    /// <param name="outlines">What is known of a dictionary without that; null: every option is evaluated.</param>
    public static IEnumerable<(FactorizationErrors Errors, bool IsRead)> Run(
        IReadOnlyList<DictionaryOption> options, Func<int, int, FactorizationErrors> evaluate, Func<DictionaryOutlines>? outlines)
    {
        // Small linears meet the same k and s at several points of the grid.
        DictionaryOption[] distinct = [.. options.DistinctBy(option => (option.K, option.S))];
        if (outlines is null || distinct.Length < Fewest)
        {
            var known = distinct.ToDictionary(option => (option.K, option.S), option => evaluate(option.K, option.S));
            return options.Select(option => (known[(option.K, option.S)], false));
        }

        var survey = new DictionarySurvey(evaluate, outlines());
        survey.CoverGrid(distinct);
        return options.Select(option => survey._evaluated.TryGetValue((option.K, option.S), out FactorizationErrors errors)
            ? (errors, false)
            : (survey._read[(option.K, option.S)], true));
    }

    private void CoverGrid(DictionaryOption[] options)
    {
        double most = options.Max(option => option.K);
        DictionaryOption[] ranks = [.. options.Where(option => option.S == option.K).OrderBy(option => option.K)];
        Cover(
            ranks,
            Spread(ranks, RankNodes),
            Spread([.. ranks.Except(Spread(ranks, RankNodes))], RankChecks),
            point => [.. Enumerable.Range(0, RankNodes).Select(i => Math.Pow(point.K / most, i))],
            (point, measure) => (0, measure.Energy(point.Outline).Tail));

        DictionaryOption[] sparse = [.. options.Where(option => option.S < option.K)];
        if (sparse.Length == 0)
        {
            return;
        }

        // The least rank of all, in the grid or not, tells the unit: nothing but the tail is lost there.
        SurveyPoint least = Point(options.Min(option => option.K), options.Min(option => option.K));
        FactorizationErrors unit = Evaluate(least);
        IGrouping<double, DictionaryOption>[] byRatio = [.. sparse.GroupBy(option => option.Ratio).OrderBy(group => group.Key)];
        DictionaryOption[] nodes = [.. Spread(byRatio, Side).SelectMany(group => Spread([.. group.OrderBy(option => option.Rho)], Side))];
        Cover(
            sparse,
            nodes,
            [.. Checks.Select(check => At([.. At(byRatio, check.Ratio).OrderBy(option => option.Rho)], check.Rho)).Except(nodes)],
            point => Powers(point.Outline.Atoms / most, Math.Log(1 - ((double)point.S / point.K))),
            (point, measure) => Lost(point, measure.Energy(point.Outline), measure.Squared(unit) / measure.Energy(least.Outline).Tail));
    }

    // What a dictionary loses for certain, and about what it loses of the rest.
    private (double Offset, double Base) Lost(SurveyPoint point, OutlinedEnergy energy, double unit)
        => (unit * energy.Tail, unit * energy.Dropped * Math.Max(_outlines.DOut - point.Outline.Atoms, 1) / _outlines.DOut);

    private void Cover(
        DictionaryOption[] family,
        DictionaryOption[] nodes,
        DictionaryOption[] checks,
        Func<SurveyPoint, double[]> terms,
        Func<SurveyPoint, Measure, (double Offset, double Base)> form)
    {
        if (family.Length == 0)
        {
            return;
        }

        SurveyPoint[] fitted = [.. nodes.Select(Point)];
        SurveyPoint[] held = [.. checks.Select(Point)];
        bool hasLoss = Evaluate(fitted[0]).Loss is not null;
        Measure loss = new(errors => errors.Loss ?? 0, outline => outline.Whitened);
        Measure whitened = new(errors => errors.Whitened * errors.Whitened, outline => outline.Whitened);
        Measure weight = new(errors => errors.Weight * errors.Weight, outline => outline.Weight);
        SurveyPoint[] all = [.. fitted, .. held];
        SmoothFit? ofLoss = hasLoss ? Fit(loss, isCost: true) : null;
        SmoothFit? ofWhitened = Fit(whitened, isCost: !hasLoss);
        SmoothFit? ofWeight = Fit(weight, isCost: !hasLoss);
        if ((hasLoss && ofLoss is null) || ofWhitened is null || ofWeight is null)
        {
            Array.ForEach(family, option => Evaluate(Point(option)));
            return;
        }

        foreach (SurveyPoint point in family.Select(Point).Where(point => !_evaluated.ContainsKey((point.K, point.S))))
        {
            _read[(point.K, point.S)] = new FactorizationErrors(Math.Sqrt(ofWhitened.At(point)), Math.Sqrt(ofWeight.At(point)), ofLoss?.At(point));
        }

        // Null where the first fit misses what was held back from it.
        SmoothFit? Fit(Measure measure, bool isCost)
        {
            double tolerance = isCost ? Tolerance : ToleranceOfShown;
            return FitTo(fitted, measure) is { } first && held.All(point => Math.Abs((first.At(point) / measure.Squared(Evaluate(point))) - 1) <= tolerance)
                ? FitTo(all, measure)
                : null;
        }

        // Errors in another measure than the one that the factors are fitted in may be below what is certain in that.
        SmoothFit? FitTo(SurveyPoint[] points, Measure measure)
        {
            double[] values = [.. points.Select(point => measure.Squared(Evaluate(point)))];
            bool isAbove = points.Zip(values, (point, value) => value > form(point, measure).Offset).All(above => above);
            return SmoothFit.To(points, values, terms, point => form(point, measure) is var (offset, unit) && isAbove ? (offset, unit) : (0, offset + unit));
        }
    }

    private SurveyPoint Point(DictionaryOption option) => Point(option.K, option.S);

    private SurveyPoint Point(int k, int s) => new(k, s, _outlines.Of(k, s));

    private FactorizationErrors Evaluate(SurveyPoint point)
    {
        if (!_evaluated.TryGetValue((point.K, point.S), out FactorizationErrors errors))
        {
            _evaluated.Add((point.K, point.S), errors = _evaluate(point.K, point.S));
        }

        return errors;
    }

    // u^i v^j with i + j up to the degree.
    private static double[] Powers(double u, double v)
        => [.. Enumerable.Range(0, Degree + 1).SelectMany(i => Enumerable.Range(0, Degree + 1 - i).Select(j => Math.Pow(u, i) * Math.Pow(v, j)))];

    // Chebyshev's points, both ends among them; fewer where there are not so many.
    private static T[] Spread<T>(IReadOnlyList<T> items, int count)
        => items.Count == 0 ? [] : [.. Enumerable.Range(0, count).Select(n => At(items, (1 - Math.Cos(Math.PI * n / (count - 1))) / 2)).Distinct()];

    private static T At<T>(IReadOnlyList<T> items, double place) => items[(int)Math.Round((items.Count - 1) * place)];

    // A squared error, and the energies that it is made of.
    private sealed record Measure(Func<FactorizationErrors, double> Squared, Func<DictionaryOutline, OutlinedEnergy> Energy);
}
