using System.Diagnostics;
using System.Globalization;

namespace Rocket.Pipeline.Cost;

/// <summary>Measures a run: energy by the processor's counters where they can be read, else from processor time.</summary>
public sealed class CostMeter : IDisposable
{
    private const double JoulesPerKilowattHour = 3.6e6;
    private const string Measured = "rapl";
    private const string Estimated = "estimate";

    // A package at 300 W goes round its counter of 2^18 J in a quarter of an hour; smaller ones wrap at 2^16 J.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CostAssumptions _assumptions;
    private readonly TimeSpan _cpu = CpuTime();
    private readonly Timer? _timer;
    private PowercapZones? _zones;

    private CostMeter(CostAssumptions assumptions, PowercapZones? zones)
    {
        (_assumptions, _zones) = (assumptions, zones);
        _timer = zones is null ? null : new Timer(_ => Sample(), null, Period, Period);
    }

    /// <summary>Begins to measure.</summary>
    /// <param name="assumptions">What is reckoned with.</param>
    /// <param name="powercap">Folder of the energy counters; null: where Linux has it.</param>
    public static CostMeter Start(CostAssumptions assumptions, string? powercap = null)
    {
        ArgumentNullException.ThrowIfNull(assumptions);
        return new CostMeter(assumptions, PowercapZones.TryOpen(powercap ?? PowercapZones.DefaultRoot));
    }

    /// <summary>What it took so far.</summary>
    public RunCost Read()
    {
        double cpu = (CpuTime() - _cpu).TotalSeconds;
        double watts = (double)(_assumptions.WattsPerCore ?? CostAssumptions.DefaultWattsPerCore);
        double grams = (double)(_assumptions.GramsPerKilowattHour ?? CostAssumptions.DefaultGramsPerKilowattHour);
        (double joules, string source, string detail) = Counted() is { } counted
            ? (counted.Joules, Measured, $"measured by the energy counters (RAPL) of {Packages(counted.Count)}, with everything else that ran on the machine, without memory and power supply.")
            : (cpu * watts, Estimated, string.Create(CultureInfo.InvariantCulture, $"an estimate, since no energy counter can be read: {cpu:0.#} s of processor time at {watts:0.##} W a busy core, {Origin(_assumptions.WattsPerCore, "Rocket's default")}."));
        return new RunCost(
            cpu, joules, source, detail, joules / JoulesPerKilowattHour * grams, grams, Origin(_assumptions.GramsPerKilowattHour, "the world's mean of 2023 (Ember), Rocket's default"));
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private static string Packages(int count) => count == 1 ? "the processor package" : $"{count} processor packages";

    private static string Origin(decimal? given, string fallback) => given is null ? fallback : "as the manifest says";

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private (double Joules, int Count)? Counted()
    {
        lock (_gate)
        {
            Sample();
            return _zones is { } zones ? (zones.Joules, zones.Count) : null;
        }
    }

    private void Sample()
    {
        lock (_gate)
        {
            // A counter that vanished leaves a sum that is not one: then the whole is estimated.
            _zones = _zones?.Sample() == true ? _zones : null;
        }
    }
}
