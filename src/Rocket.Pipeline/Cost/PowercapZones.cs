using System.Collections.Immutable;
using System.Globalization;

namespace Rocket.Pipeline.Cost;

/// <summary>The processor packages' energy counters (RAPL) as Linux shows them: <c>intel-rapl:N</c> below <c>/sys/class/powercap</c>, microjoules that begin again at a limit.</summary>
public sealed class PowercapZones
{
    /// <summary>Where Linux shows them.</summary>
    public const string DefaultRoot = "/sys/class/powercap";

    private const string Package = "intel-rapl:*";
    private const double MicrojoulesPerJoule = 1e6;

    private readonly ImmutableArray<(string File, double Range)> _zones;
    private readonly double[] _last;
    private double _microjoules;

    private PowercapZones(ImmutableArray<(string File, double Range)> zones, double[] first) => (_zones, _last) = (zones, first);

    /// <summary>Number of packages that are counted.</summary>
    public int Count => _zones.Length;

    /// <summary>Joules since the counters were opened, by the last <see cref="Sample"/>.</summary>
    public double Joules => _microjoules / MicrojoulesPerJoule;

    /// <summary>Opens the counters; null where there are none or they may not be read.</summary>
    /// <param name="root">The folder with the zones.</param>
    public static PowercapZones? TryOpen(string root)
    {
        // intel-rapl:0:1 and the like are parts of a package: counted with it.
        string[] zones = !Directory.Exists(root) ? [] : [.. Directory.GetDirectories(root, Package).Where(zone => Path.GetFileName(zone).Count(character => character == ':') == 1).Order(StringComparer.Ordinal)];
        var found = ImmutableArray.CreateBuilder<(string, double)>();
        List<double> first = [];
        foreach (string zone in zones)
        {
            string file = Path.Combine(zone, "energy_uj");
            if (TryRead(file) is { } energy && TryRead(Path.Combine(zone, "max_energy_range_uj")) is { } range)
            {
                found.Add((file, range));
                first.Add(energy);
            }
        }

        return found.Count == zones.Length && zones.Length > 0 ? new PowercapZones(found.ToImmutable(), [.. first]) : null;
    }

    /// <summary>Adds what was used since the last time; often enough that no counter goes round twice in between.</summary>
    /// <returns>False where a counter cannot be read any more.</returns>
    public bool Sample()
    {
        for (int i = 0; i < _zones.Length; i++)
        {
            if (TryRead(_zones[i].File) is not { } now)
            {
                return false;
            }

            _microjoules += now >= _last[i] ? now - _last[i] : now - _last[i] + _zones[i].Range;
            _last[i] = now;
        }

        return true;
    }

    private static double? TryRead(string file)
    {
        try
        {
            return double.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out double value) ? value : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Most systems show the counters to root alone; the estimate takes their place and says so.
            return null;
        }
    }
}
