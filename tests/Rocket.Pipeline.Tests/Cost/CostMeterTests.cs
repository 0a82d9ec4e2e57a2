using Rocket.Pipeline.Cost;

namespace Rocket.Pipeline.Tests.Cost;

/// <summary>Energy counters as Linux shows them, in a folder of our own.</summary>
public sealed class CostMeterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Packages_are_added_up_and_their_parts_are_not_counted_twice()
    {
        Zone("intel-rapl:0", 5_000_000);
        Zone("intel-rapl:1", 7_000_000);
        Zone("intel-rapl:0:0", 1_000_000);
        using var meter = CostMeter.Start(new CostAssumptions(null, 100), _folder.Path);
        Zone("intel-rapl:0", 9_000_000);
        Zone("intel-rapl:1", 7_500_000);
        Zone("intel-rapl:0:0", 3_000_000);
        RunCost cost = meter.Read();
        Assert.Equal("rapl", cost.EnergySource);
        Assert.Equal(4.5, cost.Joules);
        Assert.Equal(4.5 / 3.6e6 * 100, cost.Grams, 1e-12);
        Assert.Contains("2 processor packages", cost.EnergyDetail, StringComparison.Ordinal);
        Assert.Equal("as the manifest says", cost.CarbonSource);
    }

    [Fact]
    public void A_counter_that_begins_again_goes_on()
    {
        Zone("intel-rapl:0", 262_143_000_000);
        PowercapZones zones = PowercapZones.TryOpen(_folder.Path)!;
        Zone("intel-rapl:0", 1_000_000);
        Assert.True(zones.Sample());
        Assert.Equal((262_143_328_850 - 262_143_000_000 + 1_000_000) / 1e6, zones.Joules, 1e-9);
        Zone("intel-rapl:0", 3_000_000);
        Assert.True(zones.Sample());
        Assert.Equal((262_143_328_850 - 262_143_000_000 + 3_000_000) / 1e6, zones.Joules, 1e-9);
    }

    [Fact]
    public void Without_counters_the_energy_is_an_estimate_that_says_so()
    {
        using var meter = CostMeter.Start(new CostAssumptions(20, null), _folder.At("none"));
        Spend(TimeSpan.FromMilliseconds(300));
        RunCost cost = meter.Read();
        Assert.Equal("estimate", cost.EnergySource);
        Assert.True(cost.CpuSeconds >= 0.2, $"{cost.CpuSeconds} s");
        Assert.Equal(cost.CpuSeconds * 20, cost.Joules, 1e-9);
        Assert.Equal(cost.Joules / 3.6e6 * 480, cost.Grams, 1e-12);
        Assert.Contains("an estimate", cost.EnergyDetail, StringComparison.Ordinal);
        Assert.Contains("20 W a busy core, as the manifest says", cost.EnergyDetail, StringComparison.Ordinal);
        Assert.Contains("Ember", cost.CarbonSource, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no number")]
    [InlineData("")]
    public void Counters_that_cannot_be_read_are_none(string content)
    {
        Zone("intel-rapl:0", 1);
        _folder.Write("intel-rapl:0/energy_uj", content);
        Assert.Null(PowercapZones.TryOpen(_folder.Path));
    }

    [Fact]
    public void A_counter_that_vanishes_makes_the_whole_an_estimate()
    {
        Zone("intel-rapl:0", 1);
        using var meter = CostMeter.Start(CostAssumptions.Default, _folder.Path);
        File.Delete(_folder.At("intel-rapl:0", "energy_uj"));
        Assert.Equal("estimate", meter.Read().EnergySource);
    }

    private static void Spend(TimeSpan time)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        TimeSpan start = process.TotalProcessorTime;
        while (process.TotalProcessorTime - start < time)
        {
            process.Refresh();
        }
    }

    private void Zone(string name, long microjoules)
    {
        _folder.Write($"{name}/energy_uj", $"{microjoules}\n");
        _folder.Write($"{name}/max_energy_range_uj", "262143328850\n");
    }
}
