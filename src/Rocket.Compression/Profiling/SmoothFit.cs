using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Profiling;

/// <summary>A positive quantity over the points of a survey: offset + base e^p, where offset and base are known at every point and p is a polynomial that is fitted.</summary>
internal sealed class SmoothFit
{
    private readonly Func<SurveyPoint, double[]> _terms;
    private readonly Func<SurveyPoint, (double Offset, double Base)> _form;
    private readonly double[] _coefficients;

    private SmoothFit(Func<SurveyPoint, double[]> terms, Func<SurveyPoint, (double Offset, double Base)> form, double[] coefficients)
        => (_terms, _form, _coefficients) = (terms, form, coefficients);

    /// <summary>Fits, by least squares of the logarithm; null where it has none, as of a quantity that is zero somewhere.</summary>
    /// <param name="points">Where the quantity is known.</param>
    /// <param name="values">What it is there.</param>
    /// <param name="terms">The polynomial's terms at a point.</param>
    /// <param name="form">Offset and base at a point.</param>
    public static SmoothFit? To(IReadOnlyList<SurveyPoint> points, IReadOnlyList<double> values, Func<SurveyPoint, double[]> terms, Func<SurveyPoint, (double Offset, double Base)> form)
    {
        double[] logarithms = [.. points.Zip(values, (point, value) => form(point) is var (offset, unit) ? Math.Log((value - offset) / unit) : 0)];
        double[] matrix = [.. points.SelectMany(terms)];
        if (!logarithms.Concat(matrix).All(double.IsFinite))
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        (Tensor solution, _, _, _) = linalg.lstsq(
            matrix.AsSpan().ToTensor(ScalarType.Float64, points.Count, matrix.Length / points.Count), logarithms.AsSpan().ToTensor(ScalarType.Float64, points.Count, 1));
        return new SmoothFit(terms, form, solution.contiguous().Elements<double>().ToArray());
    }

    /// <summary>The quantity at a point.</summary>
    public double At(SurveyPoint point)
    {
        (double offset, double unit) = _form(point);
        return offset + (unit * Math.Exp(_terms(point).Zip(_coefficients, (term, coefficient) => term * coefficient).Sum()));
    }
}
