namespace Rocket.Pipeline.Reporting.Charts;

/// <summary>A linear scale with round ticks.</summary>
/// <param name="From">Value at the start.</param>
/// <param name="To">Value at the end.</param>
/// <param name="Step">Distance of two ticks.</param>
/// <param name="Start">Pixel at the start.</param>
/// <param name="End">Pixel at the end.</param>
internal sealed record Scale(double From, double To, double Step, double Start, double End)
{
    private const double Tiny = 1e-9;

    /// <summary>Values that are marked.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            double first = Math.Ceiling((From / Step) - Tiny);
            return Enumerable.Range(0, Math.Max(0, (int)(Math.Floor((To / Step) + Tiny) - first) + 1)).Select(i => (first + i) * Step);
        }
    }

    /// <summary>The pixel of a value.</summary>
    public double this[double value] => Start + ((value - From) / (To - From) * (End - Start));

    /// <summary>Digits behind the point that tell two ticks apart.</summary>
    public int Decimals => Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + Tiny));

    /// <summary>A scale over a range, as it is.</summary>
    /// <param name="least">Least value.</param>
    /// <param name="most">Most value.</param>
    /// <param name="ticks">About how many ticks there should be.</param>
    /// <param name="start">Pixel at the start.</param>
    /// <param name="end">Pixel at the end.</param>
    public static Scale Within(double least, double most, int ticks, double start, double end)
        => Over(least, most, ticks, start, end) with { From = least, To = Math.Max(most, least + Tiny) };

    /// <summary>A scale over a range, both ends moved outwards to ticks.</summary>
    /// <param name="least">Least value.</param>
    /// <param name="most">Most value.</param>
    /// <param name="ticks">About how many ticks there should be.</param>
    /// <param name="start">Pixel at the start.</param>
    /// <param name="end">Pixel at the end.</param>
    public static Scale Over(double least, double most, int ticks, double start, double end)
    {
        double range = Math.Max(most - least, Math.Max(Math.Abs(most), 1) * 1e-6);
        double rough = range / ticks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 });
        double from = Math.Floor((least / step) + Tiny) * step;
        double to = Math.Ceiling(((least + range) / step) - Tiny) * step;
        return new Scale(from, Math.Max(to, from + step), step, start, end);
    }
}
