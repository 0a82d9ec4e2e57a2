using System.Globalization;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Numbers as the page writes them.</summary>
internal static class Figures
{
    private const double Hundred = 100;

    /// <summary>Decimal units of bytes, the largest first.</summary>
    public static readonly (double Bytes, string Name)[] Units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")];

    /// <summary>A rise of a loss, with its sign: +0.0206.</summary>
    public static string Rise(double nats) => Signed(nats, Math.Abs(nats) < 1 ? "0.0000" : "0.000");

    /// <summary>A number; what is infinite or no number says so.</summary>
    public static string Number(double? value, string format) => value switch
    {
        null => "–",
        { } number when double.IsNaN(number) => "not a number",
        { } number when double.IsInfinity(number) => "∞",
        { } number => number.ToString(format, CultureInfo.InvariantCulture),
    };

    /// <summary>A share: 64.2 %.</summary>
    public static string Percent(double share, string format = "0.0") => Number(share * Hundred, format) + " %";

    /// <summary>A difference of shares in percentage points: −1.5.</summary>
    public static string Points(double difference) => Signed(difference * Hundred, "0.0");

    /// <summary>A share of a width, for style attributes.</summary>
    public static string Width(double share) => (Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * Hundred).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>Bytes in decimal units, three digits that count: 1.99 MB.</summary>
    public static string Size(long bytes)
    {
        (double unit, string name) = Units.First(one => bytes >= one.Bytes || one.Bytes <= 1);
        double value = bytes / unit;
        return Number(value, unit <= 1 ? "0" : value < 10 ? "0.00" : value < Hundred ? "0.0" : "0") + " " + name;
    }

    /// <summary>Seconds below a minute with two digits that count, else as people say them.</summary>
    public static string Seconds(double seconds) => seconds < 60 ? Number(seconds, seconds < 10 ? "0.0" : "0") + " s" : Amounts.Time(TimeSpan.FromSeconds(seconds));

    private static string Signed(double value, string format)
    {
        string digits = Number(Math.Abs(value), format);
        bool isZero = digits.All(character => character is '0' or '.');
        return isZero ? digits : (value < 0 ? "−" : "+") + digits;
    }
}
