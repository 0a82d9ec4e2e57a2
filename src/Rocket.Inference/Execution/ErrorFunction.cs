namespace Rocket.Inference.Execution;

/// <summary>The error function.</summary>
internal static class ErrorFunction
{
    // Beyond it the function is 1 in double.
    private const double Bound = 6;

    /// <summary>erf(x) = 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6): all terms have one sign.</summary>
    public static double Of(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) >= Bound)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
