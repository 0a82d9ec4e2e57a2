using System.Collections.Immutable;
using System.Globalization;

namespace Rocket.Pipeline.Manifest;

/// <summary>Whole quantities that are written with a unit: 90M parameters, 120MB.</summary>
internal sealed class ManifestQuantity
{
    private readonly ImmutableArray<(string Unit, decimal Factor)> _units;

    private ManifestQuantity(string expected, ImmutableArray<(string Unit, decimal Factor)> units) => (Expected, _units) = (expected, units);

    /// <summary>Parameters: K, M and B are powers of a thousand.</summary>
    public static ManifestQuantity Parameters { get; } = new("a number of parameters such as 90M or 1.2B", [("", 1), ("K", 1e3m), ("M", 1e6m), ("B", 1e9m), ("T", 1e12m)]);

    /// <summary>Bytes: kB, MB, GB are powers of a thousand, KiB, MiB, GiB of 1024.</summary>
    public static ManifestQuantity Bytes { get; } = new(
        "a size such as 120MB or 1.5GiB",
        [("", 1), ("B", 1), ("kB", 1e3m), ("MB", 1e6m), ("GB", 1e9m), ("TB", 1e12m), ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40)]);

    /// <summary>What to write, for messages.</summary>
    public string Expected { get; }

    /// <summary>The quantity rounded down, or null where the text is none or beyond 2^60.</summary>
    public decimal? Parse(string text)
    {
        const decimal Largest = 1L << 60;
        string number = text.TrimEnd().TrimEnd([.. "BKMGTkib"]).TrimEnd();
        string unit = text[number.Length..].Trim();
        int found = _units.Select(known => known.Unit).ToList().FindIndex(known => string.Equals(known, unit, StringComparison.OrdinalIgnoreCase));
        return found >= 0
            && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value <= Largest / _units[found].Factor
            ? Math.Floor(value * _units[found].Factor)
            : null;
    }
}
