using System.Globalization;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>Reads ages and sizes of the command line.</summary>
internal static class Quantity
{
    private const int DaysOfWeek = 7;
    private const double MostDays = 365_000;

    private static readonly Dictionary<string, double> Days = new(StringComparer.OrdinalIgnoreCase)
    {
        ["m"] = 1.0 / (24 * 60),
        ["h"] = 1.0 / 24,
        ["d"] = 1,
        ["w"] = DaysOfWeek,
    };

    private static readonly Dictionary<string, double> Bytes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B"] = 1,
        ["kB"] = 1e3,
        ["MB"] = 1e6,
        ["GB"] = 1e9,
        ["TB"] = 1e12,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    /// <summary>Such as <c>30d</c>.</summary>
    public static TimeSpan ParseAge(string option, string text)
        => Parse(text, Days) is { } days and <= MostDays
            ? TimeSpan.FromDays(days)
            : throw CommandLineErrors.BadValue(option, text, "an age such as 12h, 30d or 4w");

    /// <summary>Such as <c>20GB</c>.</summary>
    public static long ParseSize(string option, string text)
        => Parse(text, Bytes) is { } bytes && bytes < long.MaxValue
            ? (long)bytes
            : throw CommandLineErrors.BadValue(option, text, "a size such as 500MB, 20GB or 16GiB");

    private static double? Parse(string text, Dictionary<string, double> units)
    {
        int digits = text.TakeWhile(character => char.IsAsciiDigit(character) || character == '.').Count();
        return units.TryGetValue(text[digits..].Trim(), out double unit)
            && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number * unit
            : null;
    }
}
